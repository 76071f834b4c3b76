import type { AuthorizationServerMetadata, ClientAuthenticationCallback } from '@openid4vc/oauth2';
import { base64url, randomBytes } from '../bytes.js';
import { isAmbiguous, type RepeatingFetch } from '../http/retry.js';
import { signJwt, type PrivateKey } from '../keys/p256.js';
import { CLIENT_ID, isAnonymous } from '../openid/callbacks.js';
import { refuse } from '../problem.js';
import type { WalletProvider } from './wallet-provider.js';

export const ATTESTATION_METHOD = 'attest_jwt_client_auth';
const CHALLENGE_HEADER = 'oauth-client-attestation-challenge';
/** Times that a request is made anew because the server wants its challenge in the proof. */
const CHALLENGES_MAX = 2;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;

/**
 * How the wallet says who it is at token and PAR endpoints: with a wallet attestation where the server takes one
 * (OAuth 2.0 Attestation-Based Client Authentication), else as a public client.
 */
export class ClientAuthentication {
  private challenge: string | undefined;

  constructor(
    private readonly fetch: RepeatingFetch,
    private readonly provider: WalletProvider | undefined,
    /** The wallet instance's key for this issuer alone, so that issuers cannot link what they see. */
    private readonly instance: PrivateKey | undefined,
    /** How long requests are made anew while their answers are lost. */
    private readonly retryMs: number,
  ) {}

  get clientId(): string {
    return this.provider?.clientId ?? CLIENT_ID;
  }

  /** Client authentication of one request, as the OpenID libraries ask for it. */
  readonly callback: ClientAuthenticationCallback = async ({
    body,
    headers,
    authorizationServerMetadata: server,
  }) => {
    if (takesAttestation(server) && this.provider && this.instance) {
      body['client_id'] = this.clientId;
      headers.set('OAuth-Client-Attestation', await this.provider.attestWallet(this.instance));
      headers.set('OAuth-Client-Attestation-PoP', await this.proof(server));
    } else if (needsAttestation(server) && !isAnonymous(body['grant_type'], server)) {
      throw refuse(
        'attestation-needed',
        'The issuer wants a wallet attestation',
        'give the wallet provider with --wallet-provider',
      );
    } else if (!isAnonymous(body['grant_type'], server)) body['client_id'] = this.clientId;
  };

  /** Learns a challenge from any answer of the server that carries one. */
  learn(response: Response): void {
    this.challenge = response.headers.get(CHALLENGE_HEADER) ?? this.challenge;
  }

  /**
   * Runs a request to the server, again when it answers `use_attestation_challenge` or when its answer was lost: with proofs
   * made anew, since those that were sent may have been seen.
   */
  async retrying<T>(request: () => Promise<T>): Promise<T> {
    const until = Date.now() + this.retryMs;
    for (let challenges = 0, pause = FIRST_PAUSE_MS; ;) {
      try {
        return await request();
      } catch (error) {
        const { errorResponse, response } = error as {
          errorResponse?: { error?: unknown };
          response?: Response;
        };
        if (errorResponse?.error === 'use_attestation_challenge') {
          if (++challenges > CHALLENGES_MAX) throw error;
        } else {
          if (!isAmbiguous(response ?? error) || Date.now() + pause > until) throw error;
          await new Promise((resume) => setTimeout(resume, pause));
          pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        }
      }
    }
  }

  private async proof(server: AuthorizationServerMetadata): Promise<string> {
    const challenge = await this.nextChallenge(server);
    const iat = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.clientId,
      aud: server.issuer,
      iat,
      exp: iat + 60,
      jti: base64url(randomBytes(16)),
      ...(challenge === undefined ? {} : { challenge }),
    };
    return signJwt(this.instance!, { typ: 'oauth-client-attestation-pop+jwt' }, payload);
  }

  private async nextChallenge(server: AuthorizationServerMetadata): Promise<string | undefined> {
    const learnt = this.challenge;
    this.challenge = undefined;
    const endpoint = server['challenge_endpoint'];
    if (learnt !== undefined || typeof endpoint !== 'string') return learnt;
    const response = await this.fetch(endpoint, { method: 'POST' }, 'always');
    const { attestation_challenge } = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (!response.ok || typeof attestation_challenge !== 'string')
      throw refuse(
        'issuance-failed',
        'The issuer gave no attestation challenge',
        `status ${response.status}`,
      );
    return attestation_challenge;
  }
}

export function takesAttestation(server: AuthorizationServerMetadata): boolean {
  return server.token_endpoint_auth_methods_supported?.includes(ATTESTATION_METHOD) ?? false;
}

function needsAttestation(server: AuthorizationServerMetadata): boolean {
  return takesAttestation(server) && !server.token_endpoint_auth_methods_supported?.includes('none');
}
