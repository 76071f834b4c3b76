import { Openid4vpClient } from '@openid4vc/openid4vp';
import { base64url, randomBytes } from '../bytes.js';
import { problemFrom } from '../http/api.js';
import { isAmbiguous, type RepeatingFetch } from '../http/retry.js';
import { unusedOf, type Credentials } from '../issuance/credentials.js';
import type { KeyRing } from '../keys/key-ring.js';
import { openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { present, preview } from './disclosure.js';
import { match, type Choice, type Match } from './matching.js';
import { ENCRYPTION_ALG, ENCRYPTION_ENCS } from './capabilities.js';
import { resolveRequest, type CheckedRequest } from './request.js';
import { confirming, hashesOf, type TransactionData } from './transaction-data.js';

/** What the person is asked to agree to. */
export interface Disclosure {
  query: string;
  /** Id of the credential. */
  credential: string;
  format: string;
  vct?: string;
  doctype?: string;
  /** Claims that the verifier will read, with their values; of an mdoc by namespace. */
  disclosed: Record<string, unknown>;
}

export interface PreparedPresentation {
  request: CheckedRequest;
  matches: Match[];
  disclosures: Disclosure[];
  /** What the person confirms by presenting, by the query whose credential confirms it. */
  confirms: Map<string, TransactionData[]>;
}

/** A credential that has no copy left that nobody has seen: verifiers may recognise what they are shown again. */
export interface CopiesWarning {
  credential: string;
  /** True when this presentation already showed a copy a second time. */
  shown_again: boolean;
  /** True when new copies were got since. */
  renewed: boolean;
}

export interface PresentationOutcome {
  verifier: string;
  disclosures: Disclosure[];
  warnings: CopiesWarning[];
  /** Where the verifier wants the person's browser to go on, if it does. */
  redirect_uri?: string;
}

/** The person's own record of a presentation. */
export interface Shown {
  at: string;
  verifier: string;
  shown: { credential: string; type: string; claims: string[] }[];
}

/** Answers OpenID4VP requests; nothing leaves the wallet before {@link submit}. */
export class Presentations {
  /**
   * @param renew gets new copies of a credential
   */
  constructor(
    private readonly store: Store,
    private readonly origins: readonly string[],
    private readonly fetch: RepeatingFetch,
    private readonly anchors: TrustAnchors,
    private readonly keys: KeyRing,
    private readonly credentials: Credentials,
    private readonly renew: (id: string) => Promise<unknown>,
  ) {}

  /** Checks the request and chooses what would answer it. */
  async prepare(uri: string, choice: Choice = {}): Promise<PreparedPresentation> {
    const request = await this.check(uri);
    const matches = await match(request.query, await this.credentials.all(), choice);
    const disclosures = await Promise.all(
      matches.map(async (found) => {
        const { id, format, vct, doctype } = found.credential;
        const type = { ...(vct ? { vct } : {}), ...(doctype ? { doctype } : {}) };
        return { query: found.queryId, credential: id, format, ...type, ...(await preview(found)) };
      }),
    );
    return { request, matches, disclosures, confirms: confirming(request.transactionData, matches) };
  }

  /** Checks the request without looking at what would answer it. */
  check(uri: string): Promise<CheckedRequest> {
    return resolveRequest(uri, { origins: this.origins, fetch: this.fetch, anchors: this.anchors });
  }

  /**
   * Sends the presentation (section 8.2), encrypted to the verifier's key where it asks for that (section 8.3). An answer
   * that was lost is sent again with the same content; `settled` tells, when a repeated answer is refused, whether the
   * first had arrived.
   */
  async submit(
    prepared: PreparedPresentation,
    settled?: () => Promise<boolean>,
  ): Promise<PresentationOutcome> {
    const { request, matches, disclosures } = prepared;
    const vpToken: Record<string, string[]> = {};
    const again = new Set<string>();
    for (const found of matches) {
      const used = await this.credentials.use(found.credential.id);
      if (used.again) again.add(found.credential.id);
      (vpToken[found.queryId] ??= []).push(await this.signed(prepared, found, used.copy));
    }
    const sent = await this.send(
      request,
      { vp_token: vpToken as Record<string, [string, ...string[]]> },
      settled,
    );
    const outcome: PresentationOutcome = {
      verifier: request.verifierName,
      disclosures,
      warnings: [],
      ...sent,
    };
    await this.remember(outcome);
    outcome.warnings = await this.warningsFor(matches, again);
    return outcome;
  }

  /** Tells the verifier that the person does not present (section 8.5), whatever the reason. */
  async decline(request: CheckedRequest): Promise<{ redirect_uri?: string }> {
    const form = new URLSearchParams({
      error: 'access_denied',
      ...(request.state ? { state: request.state } : {}),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const init = { method: 'POST', headers, body: form.toString() };
    const response = await this.fetch(request.responseUri, init, 'always');
    const text = await response.text();
    if (!response.ok) throw problemFrom(response.status, text);
    return redirectIn(text);
  }

  /** What was shown to whom, the newest first. */
  async history(): Promise<Shown[]> {
    const names = (await this.store.list('shown')).reverse();
    const found = await Promise.all(names.map((name) => readJson<Shown>(this.store, name)));
    return found.filter((each) => each !== undefined);
  }

  private async signed(
    { request, confirms }: PreparedPresentation,
    found: Match,
    copy: Parameters<typeof present>[1],
  ): Promise<string> {
    const { clientId, nonce, responseUri, encryption } = request;
    const handover = { clientId, nonce, responseUri, jwkThumbprint: encryption?.thumbprint };
    const holder = await this.keys.get(copy.key);
    return present(found, copy, holder, handover, await hashesOf(confirms.get(found.queryId) ?? []));
  }

  private async send(
    { payload, encryption }: CheckedRequest,
    authorizationResponsePayload: { vp_token: Record<string, [string, ...string[]]> },
    settled: (() => Promise<boolean>) | undefined,
  ): Promise<{ redirect_uri?: string }> {
    let lost = false;
    const fetch = (url: string, init: RequestInit = {}): Promise<Response> =>
      this.fetch(url, init, 'always', (outcome) => (lost ||= isAmbiguous(outcome)));
    const client = new Openid4vpClient({ callbacks: openidCallbacks({ fetch, anchors: this.anchors }) });
    try {
      const answer = await client.createOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: payload,
        authorizationResponsePayload,
        ...(encryption ? { jarm: encryptedTo(encryption.jwk) } : {}),
      });
      const { response } = await client.submitOpenid4vpAuthorizationResponse({
        authorizationRequestPayload: payload,
        authorizationResponsePayload: answer.authorizationResponsePayload,
        ...(answer.jarm ? { jarm: answer.jarm } : {}),
      });
      const text = await response.text();
      if (response.ok) return redirectIn(text);
      if (lost && (await settled?.())) return {};
      throw problemFrom(response.status, text);
    } catch (error) {
      throw await openidProblem(error, 'presentation-failed', 'The presentation could not be sent');
    }
  }

  /** New copies are fetched where the issuer allows it; that it failed is no failure of the presentation. */
  private async warningsFor(matches: Match[], again: Set<string>): Promise<CopiesWarning[]> {
    const warnings: CopiesWarning[] = [];
    for (const id of new Set(matches.map(({ credential }) => credential.id))) {
      const credential = await this.credentials.get(id);
      if (unusedOf(credential) > 0) continue;
      // A credential of a single copy was never meant to be unlinkable; nobody is warned of it each time.
      if (credential.copies.length === 1) continue;
      const renewed = await this.renew(id).then(
        () => true,
        () => false,
      );
      warnings.push({ credential: id, shown_again: again.has(id), renewed });
    }
    return warnings;
  }

  /** The person's own record of who was shown what. */
  private async remember(outcome: PresentationOutcome): Promise<void> {
    const shown = outcome.disclosures.map(({ credential, vct, doctype, disclosed }) => ({
      credential,
      type: vct ?? doctype ?? '',
      claims: doctype
        ? Object.values(disclosed).flatMap((each) => Object.keys(each as object))
        : Object.keys(disclosed),
    }));
    const at = new Date().toISOString();
    const name = `shown/${at.replace(/[:.]/g, '-')}-${base64url(randomBytes(4))}.json`;
    await writeJson(this.store, name, { at, verifier: outcome.verifier, shown } satisfies Shown);
  }
}

function encryptedTo(jwk: object) {
  return {
    encryption: { jwk: jwk as never, nonce: base64url(randomBytes(16)) },
    serverMetadata: {
      authorization_signing_alg_values_supported: [],
      authorization_encryption_alg_values_supported: [ENCRYPTION_ALG],
      authorization_encryption_enc_values_supported: ENCRYPTION_ENCS,
    },
  };
}

function redirectIn(text: string): { redirect_uri?: string } {
  try {
    const { redirect_uri } = JSON.parse(text) as { redirect_uri?: unknown };
    return typeof redirect_uri === 'string' ? { redirect_uri } : {};
  } catch {
    return {};
  }
}
