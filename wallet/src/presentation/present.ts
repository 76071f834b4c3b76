import { Openid4vpClient } from '@openid4vc/openid4vp';
import { base64url, randomBytes } from '../bytes.js';
import { problemFrom } from '../http/api.js';
import { isAmbiguous, type RepeatingFetch } from '../http/retry.js';
import type { Credentials } from '../issuance/credentials.js';
import { KeyRing } from '../keys/key-ring.js';
import { openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { writeJson, type Store } from '../store/store.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { present, preview } from './disclosure.js';
import { match, type Match } from './matching.js';
import { resolveRequest, type CheckedRequest } from './request.js';

/** What the person is asked to agree to. */
export interface Disclosure {
  query: string;
  credential: string;
  vct: string;
  /** Claims that the verifier will read, with their values. */
  disclosed: Record<string, unknown>;
}

export interface PreparedPresentation {
  request: CheckedRequest;
  matches: Match[];
  disclosures: Disclosure[];
}

export interface PresentationOutcome {
  verifier: string;
  disclosures: Disclosure[];
  /** Where the verifier wants the person's browser to go on, if it does. */
  redirect_uri?: string;
}

/** Answers OpenID4VP requests; nothing leaves the wallet before {@link submit}. */
export class Presentations {
  private readonly keys: KeyRing;

  constructor(
    private readonly store: Store,
    private readonly origin: string,
    private readonly fetch: RepeatingFetch,
    private readonly anchors: TrustAnchors,
    private readonly credentials: Credentials,
  ) {
    this.keys = new KeyRing(store);
  }

  /** Checks the request and chooses what would answer it. */
  async prepare(uri: string): Promise<PreparedPresentation> {
    const request = await resolveRequest(uri, {
      origin: this.origin,
      fetch: this.fetch,
      anchors: this.anchors,
    });
    const matches = await match(request.query, await this.credentials.all());
    const disclosures = await Promise.all(
      matches.map(async (found) => ({
        query: found.queryId,
        credential: found.credential.id,
        vct: found.credential.vct,
        ...(await preview(found)),
      })),
    );
    return { request, matches, disclosures };
  }

  /**
   * Sends the presentation, encrypted to the verifier's key (section 8.3). An answer that was lost is sent again with the
   * same content; `settled` tells, when a repeated answer is refused, whether the first had arrived.
   */
  async submit(
    prepared: PreparedPresentation,
    settled?: () => Promise<boolean>,
  ): Promise<PresentationOutcome> {
    const { request, matches, disclosures } = prepared;
    const vpToken: Record<string, [string]> = {};
    for (const found of matches) {
      const holder = await this.keys.get(found.credential.key);
      vpToken[found.queryId] = [await present(found, holder, request.clientId, request.nonce)];
    }
    let lost = false;
    const fetch = (url: string, init: RequestInit = {}): Promise<Response> =>
      this.fetch(url, init, 'always', (outcome) => (lost ||= isAmbiguous(outcome)));
    const client = new Openid4vpClient({ callbacks: openidCallbacks({ fetch, anchors: this.anchors }) });
    const outcome: PresentationOutcome = { verifier: request.verifierName, disclosures };
    try {
      const answer = await client.createOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: request.payload,
        authorizationResponsePayload: { vp_token: vpToken },
        jarm: {
          encryption: { nonce: base64url(randomBytes(16)) },
          serverMetadata: {
            authorization_signing_alg_values_supported: [],
            authorization_encryption_alg_values_supported: ['ECDH-ES'],
            authorization_encryption_enc_values_supported: ['A256GCM', 'A128GCM'],
          },
        },
      });
      const { response } = await client.submitOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: request.payload,
        authorizationResponsePayload: answer.authorizationResponsePayload,
        ...(answer.jarm ? { jarm: answer.jarm } : {}),
      });
      const text = await response.text();
      if (!response.ok) {
        if (!lost || !(await settled?.())) throw problemFrom(response.status, text);
      } else {
        const redirect = redirectIn(text);
        if (redirect) outcome.redirect_uri = redirect;
      }
    } catch (error) {
      throw await openidProblem(error, 'presentation-failed', 'The presentation could not be sent');
    }
    await this.remember(outcome);
    return outcome;
  }

  /** The person's own record of who was shown what. */
  private async remember(outcome: PresentationOutcome): Promise<void> {
    const shown = outcome.disclosures.map(({ credential, vct, disclosed }) => ({
      credential,
      vct,
      claims: Object.keys(disclosed),
    }));
    const at = new Date().toISOString();
    await writeJson(this.store, `shown/${at.replace(/[:.]/g, '-')}-${base64url(randomBytes(4))}.json`, {
      at,
      verifier: outcome.verifier,
      shown,
    });
  }
}

function redirectIn(text: string): string | undefined {
  try {
    const { redirect_uri } = JSON.parse(text) as { redirect_uri?: unknown };
    return typeof redirect_uri === 'string' ? redirect_uri : undefined;
  } catch {
    return undefined;
  }
}
