import type { JwtSignerJwk } from '@openid4vc/oauth2';
import {
  Openid4vciClient,
  Openid4vciRetrieveCredentialsError,
  type CredentialOfferObject,
  type IssuerMetadataResult,
  type RetrieveCredentialsResponseOk,
} from '@openid4vc/openid4vci';
import { hex, sha256, utf8 } from '../bytes.js';
import { isAmbiguous, type RepeatingFetch } from '../http/retry.js';
import { isUnder } from '../http/origin.js';
import { KeyRing } from '../keys/key-ring.js';
import type { PrivateKey } from '../keys/p256.js';
import { CLIENT_ID, isAnonymous, jwtSignerOf, openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { refuse } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { Credentials, type StoredCredential } from './credentials.js';
import { checkCredential, FORMAT } from './sd-jwt-vc.js';

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
/** Credentials of one offer that the wallet takes. */
const OFFERED_MAX = 10;
/** Times that a proof is made anew when the issuer says that its nonce is spent or its answer was lost. */
const PROOFS_MAX = 5;
/** Life of an access token of which the issuer does not say how long it lives. */
const TOKEN_SECONDS = 300;

/** What is known of an offer that is being taken, so that a wallet that was interrupted goes on where it was. */
interface Taking {
  offer: CredentialOfferObject;
  /** Key of each credential, by configuration id. */
  keys: Record<string, string>;
  dpop_key?: string;
  access_token?: string;
  /** Unix milliseconds. */
  token_expires_at?: number;
  dpop_nonce?: string;
  /** Ids of the credentials received, by configuration id. */
  received: Record<string, string[]>;
}

/** Takes credentials from OpenID4VCI 1.0 offers with the pre-authorized code grant. */
export class Issuance {
  private readonly keys: KeyRing;
  readonly credentials: Credentials;

  constructor(
    private readonly store: Store,
    private readonly origin: string,
    private readonly fetch: RepeatingFetch,
    private readonly anchors: TrustAnchors,
  ) {
    this.keys = new KeyRing(store);
    this.credentials = new Credentials(store);
  }

  /**
   * Takes what `offer` offers (section 4.1: by value or by reference, as a URI of any scheme). Taking the same offer again
   * answers with the credentials that it brought.
   */
  async receive(offer: string, txCode?: string): Promise<StoredCredential[]> {
    try {
      const name = `t.${hex(await sha256(utf8(offer)))}`;
      return await this.store.exclusive(name, async () => {
        const taking = await this.begin(`taking/${name}.json`, offer);
        return this.take(`taking/${name}.json`, taking, txCode);
      });
    } catch (error) {
      throw await openidProblem(error, 'issuance-failed', 'The credential could not be received');
    }
  }

  /** Goes on with what was begun, since an offer is gone once its code is redeemed; or resolves the offer. */
  private async begin(name: string, offer: string): Promise<Taking> {
    const before = await readJson<Taking>(this.store, name);
    if (before?.access_token && (before.token_expires_at ?? 0) > Date.now()) return before;
    if (before) delete before.access_token;
    const finished = before && before.offer.credential_configuration_ids.every((id) => before.received[id]);
    const resolved = await this.resolve(offer).catch((error: unknown) => {
      if (finished) return before.offer;
      throw error;
    });
    if (before && codeIn(before.offer) === codeIn(resolved)) return before;
    return { offer: resolved, keys: {}, received: {} };
  }

  private async resolve(offer: string): Promise<CredentialOfferObject> {
    const resolved = await this.clientWith([]).resolveCredentialOffer(offer);
    if (!isUnder(this.origin, resolved.credential_issuer)) {
      throw refuse('foreign-address', 'The offer is of another city', resolved.credential_issuer);
    }
    if (codeIn(resolved) === undefined)
      throw refuse('offer-not-understood', 'The offer has no pre-authorized code');
    const count = resolved.credential_configuration_ids.length;
    if (count === 0 || count > OFFERED_MAX)
      throw refuse('offer-not-understood', 'The offer is empty or too long');
    return resolved;
  }

  private async take(name: string, taking: Taking, txCode: string | undefined): Promise<StoredCredential[]> {
    const { offer } = taking;
    const ids = offer.credential_configuration_ids;
    const missing = ids.filter((id) => !taking.received[id]);
    if (missing.length > 0) {
      const issuer = await this.clientWith([]).resolveIssuerMetadata(offer.credential_issuer);
      for (const id of missing) {
        configurationOf(issuer, id);
        taking.keys[id] ??= await this.keys.create();
      }
      const dpop = await this.dpopFor(taking, issuer);
      await writeJson(this.store, name, taking);
      if (!taking.access_token) await this.authorize(name, taking, issuer, dpop, txCode);
      for (const id of missing) {
        const received = await this.request(taking, issuer, id, dpop);
        taking.received[id] = received.map((credential) => credential.id);
        await writeJson(this.store, name, taking);
      }
      delete taking.access_token;
      await writeJson(this.store, name, taking);
    }
    return Promise.all(ids.flatMap((id) => taking.received[id] ?? []).map((id) => this.credentials.get(id)));
  }

  /** Section 6.1: the token request. The token is kept, since the code is spent by it. */
  private async authorize(
    name: string,
    taking: Taking,
    issuer: IssuerMetadataResult,
    dpop: PrivateKey | undefined,
    txCode: string | undefined,
  ): Promise<void> {
    const { offer } = taking;
    const wanted = offer.grants?.[PRE_AUTHORIZED]?.tx_code;
    if (wanted && txCode === undefined) {
      throw refuse(
        'tx-code-needed',
        'The offer asks for a transaction code',
        wanted.description ?? 'give it with --tx-code',
      );
    }
    const granted = await this.clientWith(dpop ? [dpop] : []).retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer: offer,
      issuerMetadata: issuer,
      ...(wanted ? { txCode: txCode! } : {}),
      ...(dpop ? { dpop: { signer: jwtSignerOf(dpop) } } : {}),
    });
    taking.access_token = granted.accessTokenResponse.access_token;
    taking.token_expires_at = Date.now() + (granted.accessTokenResponse.expires_in ?? TOKEN_SECONDS) * 1000;
    if (granted.dpop?.nonce) taking.dpop_nonce = granted.dpop.nonce;
    await writeJson(this.store, name, taking);
  }

  /** Sections 7 and 8: a nonce, a proof with the credential's own key, the credential request. */
  private async request(
    taking: Taking,
    issuer: IssuerMetadataResult,
    configuration: string,
    dpop: PrivateKey | undefined,
  ): Promise<StoredCredential[]> {
    const keyName = taking.keys[configuration]!;
    const key = await this.keys.get(keyName);
    const client = this.clientWith(dpop ? [key, dpop] : [key], issuer.credentialIssuer.credential_endpoint);
    const response = await this.requestUntilAnswered(taking, issuer, configuration, client, key, dpop);
    const answers = response.credentialResponse.credentials ?? [];
    if (answers.length === 0)
      throw refuse('issuance-deferred', 'The issuer has the credential not ready yet');
    const display = configurationOf(issuer, configuration).display;
    const stored: StoredCredential[] = [];
    for (const answer of answers) {
      const credential = (answer as { credential?: unknown }).credential;
      if (typeof credential !== 'string') throw refuse('bad-credential', 'The credential is not an SD-JWT');
      const checked = await checkCredential(credential, this.anchors, key);
      stored.push(
        await this.credentials.add({
          ...checked,
          credential_configuration_id: configuration,
          display,
          key: keyName,
          credential,
        }),
      );
    }
    return stored;
  }

  private async requestUntilAnswered(
    taking: Taking,
    issuer: IssuerMetadataResult,
    configuration: string,
    client: Openid4vciClient,
    key: PrivateKey,
    dpop: PrivateKey | undefined,
  ): Promise<RetrieveCredentialsResponseOk> {
    const anonymous = issuer.authorizationServers.some((server) => isAnonymous(PRE_AUTHORIZED, server));
    const signer: JwtSignerJwk = jwtSignerOf(key);
    for (let proofs = 1; ; proofs++) {
      const nonce = issuer.credentialIssuer.nonce_endpoint
        ? (await client.requestNonce({ issuerMetadata: issuer })).c_nonce
        : undefined;
      const { jwt } = await client.createCredentialRequestJwtProof({
        issuerMetadata: issuer,
        credentialConfigurationId: configuration,
        signer,
        issuedAt: new Date(),
        ...(nonce ? { nonce } : {}),
        ...(anonymous ? {} : { clientId: CLIENT_ID }),
      });
      try {
        return await client.retrieveCredentials({
          issuerMetadata: issuer,
          credentialConfigurationId: configuration,
          accessToken: taking.access_token!,
          proofs: { jwt: [jwt] },
          ...(dpop
            ? {
                dpop: {
                  signer: jwtSignerOf(dpop),
                  ...(taking.dpop_nonce ? { nonce: taking.dpop_nonce } : {}),
                },
              }
            : {}),
        });
      } catch (error) {
        // The same key with a new proof: at worst the issuer signs the same claims for the same key once more.
        if (proofs >= PROOFS_MAX || !wantsNewProof(error)) throw error;
      }
    }
  }

  private async dpopFor(taking: Taking, issuer: IssuerMetadataResult): Promise<PrivateKey | undefined> {
    const algorithms = issuer.authorizationServers[0]?.dpop_signing_alg_values_supported;
    if (!algorithms?.includes('ES256')) return undefined;
    taking.dpop_key ??= await this.keys.create();
    return this.keys.get(taking.dpop_key);
  }

  private clientWith(keys: PrivateKey[], credentialEndpoint?: string): Openid4vciClient {
    // A repeated proof would be refused for its nonce, so a credential request is repeated with a new one, further up.
    // Repeating a token request is never worse than giving up: what it spends is spent by the answer that was lost.
    const fetch = (url: string, init: RequestInit = {}) =>
      this.fetch(url, init, url === credentialEndpoint ? 'unsent' : 'always');
    return new Openid4vciClient({ callbacks: openidCallbacks({ fetch, keys, anchors: this.anchors }) });
  }
}

function codeIn(offer: CredentialOfferObject): string | undefined {
  return offer.grants?.[PRE_AUTHORIZED]?.['pre-authorized_code'];
}

function configurationOf(
  issuer: IssuerMetadataResult,
  id: string,
): { display: { name: string; locale?: string }[] } {
  const configuration = issuer.credentialIssuer.credential_configurations_supported[id];
  if (!configuration) throw refuse('offer-not-understood', 'The issuer does not know what it offers', id);
  if (configuration.format !== FORMAT)
    throw refuse('offer-not-understood', 'The wallet takes SD-JWT VC only', configuration.format);
  const { credential_metadata, display } = configuration as {
    credential_metadata?: { display?: unknown };
    display?: unknown;
  };
  const names = credential_metadata?.display ?? display;
  return { display: Array.isArray(names) ? (names as { name: string; locale?: string }[]) : [] };
}

function wantsNewProof(error: unknown): boolean {
  if (!(error instanceof Openid4vciRetrieveCredentialsError)) return isAmbiguous(error);
  const { response, credentialErrorResponseResult } = error.response;
  return isAmbiguous(response) || credentialErrorResponseResult?.data?.error === 'invalid_nonce';
}
