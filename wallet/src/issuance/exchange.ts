import {
  Oauth2Client,
  resourceRequest,
  type AuthorizationServerMetadata,
  type CallbackContext,
  type RequestDpopOptions,
} from '@openid4vc/oauth2';
import { Openid4vciClient, type IssuerMetadataResult } from '@openid4vc/openid4vci';
import { ClientAuthentication, takesAttestation } from '../attestation/client-authentication.js';
import type { WalletProvider } from '../attestation/wallet-provider.js';
import { isAmbiguous, type Repeat, type RepeatingFetch } from '../http/retry.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { PrivateKey } from '../keys/p256.js';
import { jwtSignerOf, openidCallbacks } from '../openid/callbacks.js';
import { refuse } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import type { Grant } from './grant.js';

export interface IssuanceEnvironment {
  fetch: RepeatingFetch;
  keys: KeyRing;
  anchors: TrustAnchors;
  provider: WalletProvider | undefined;
  /** How long requests are repeated while a service restarts. */
  retryMs: number;
}

/** A conversation with one issuer under one grant: DPoP and client authentication, with what the servers said last. */
export class Exchange {
  private readonly nonces = new Map<string, string>();

  private constructor(
    readonly environment: IssuanceEnvironment,
    readonly grant: Grant,
    readonly issuer: IssuerMetadataResult,
    readonly server: AuthorizationServerMetadata,
    private readonly dpopKey: PrivateKey | undefined,
    readonly client: ClientAuthentication,
  ) {}

  /** Makes the grant's keys, if it has none yet; `save` is called before they are used. */
  static async open(
    environment: IssuanceEnvironment,
    grant: Grant,
    issuer: IssuerMetadataResult,
    server: AuthorizationServerMetadata,
    save: () => Promise<void>,
  ): Promise<Exchange> {
    const { keys, fetch, provider, retryMs } = environment;
    grant.server = server.issuer;
    if (server.dpop_signing_alg_values_supported?.includes('ES256')) grant.dpop_key ??= await keys.create();
    if (provider && takesAttestation(server)) grant.instance_key ??= await keys.create();
    await save();
    const dpopKey = grant.dpop_key ? await keys.get(grant.dpop_key) : undefined;
    const instance = grant.instance_key ? await keys.get(grant.instance_key) : undefined;
    const client = new ClientAuthentication(fetch, provider, instance, retryMs);
    return new Exchange(environment, grant, issuer, server, dpopKey, client);
  }

  get oauth(): Oauth2Client {
    return new Oauth2Client({ callbacks: this.callbacks([]) });
  }

  /** @param keys the keys that sign proofs, beside the DPoP key */
  openid(keys: PrivateKey[]): Openid4vciClient {
    return new Openid4vciClient({ callbacks: this.callbacks(keys) });
  }

  /** DPoP for a request to the authorization server (RFC 9449). */
  dpop(): { dpop?: RequestDpopOptions } {
    return this.dpopWith(this.nonces.get('server'));
  }

  /**
   * Sends JSON, or a JWE, to an endpoint that the access token opens. A DPoP nonce that the server wants is given.
   *
   * @param repeat `unsent` when a request whose answer was lost is for the caller to make anew
   */
  async post(url: string, body: string, contentType: string, repeat: Repeat): Promise<Response> {
    const { access_token, token_type } = this.grant;
    if (!access_token) throw refuse('issuance-failed', 'The grant has no access token');
    const bound = token_type?.toLowerCase() === 'dpop';
    const once = async () => {
      const { response } = await resourceRequest({
        url,
        accessToken: access_token,
        callbacks: this.callbacks([]),
        requestOptions: {
          method: 'POST',
          headers: { 'Content-Type': contentType, Accept: 'application/json, application/jwt' },
          body,
        },
        ...(bound ? this.dpopWith(this.nonces.get('issuer')) : {}),
      });
      return response as unknown as Response;
    };
    if (repeat === 'unsent') return once();
    return this.client.retrying(async () => {
      const response = await once();
      if (isAmbiguous(response)) throw Object.assign(new Error('the answer was lost'), { response });
      return response;
    });
  }

  private dpopWith(nonce: string | undefined): { dpop?: RequestDpopOptions } {
    if (!this.dpopKey) return {};
    return { dpop: { signer: jwtSignerOf(this.dpopKey), ...(nonce === undefined ? {} : { nonce }) } };
  }

  private callbacks(keys: PrivateKey[]): CallbackContext {
    return openidCallbacks({
      fetch: (url, init = {}) => this.call(url, init),
      keys: this.dpopKey ? [...keys, this.dpopKey] : keys,
      anchors: this.environment.anchors,
      clientAuthentication: this.client.callback,
    });
  }

  private async call(url: string, init: RequestInit): Promise<Response> {
    const { token_endpoint, pushed_authorization_request_endpoint } = this.server;
    const toServer = url === token_endpoint || url === pushed_authorization_request_endpoint;
    // What carries a proof that may be used once is not sent twice: whoever asks makes it anew.
    const response = await this.environment.fetch(url, init, proven(init) ? 'unsent' : 'always');
    this.client.learn(response);
    const nonce = response.headers.get('dpop-nonce');
    if (nonce) this.nonces.set(toServer ? 'server' : 'issuer', nonce);
    return response;
  }
}

function proven({ headers }: RequestInit): boolean {
  const given = new Headers(headers);
  return given.has('dpop') || given.has('oauth-client-attestation-pop') || given.has('authorization');
}
