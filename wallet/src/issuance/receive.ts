import {
  Openid4vciClient,
  type CredentialOfferObject,
  type IssuerMetadataResult,
} from '@openid4vc/openid4vci';
import { base64url, hex, randomBytes, sha256, utf8 } from '../bytes.js';
import { foreign, isUnder } from '../http/origin.js';
import { openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { refuse, WalletProblem } from '../problem.js';
import { readJson, writeJson, type Store } from '../store/store.js';
import { Credentials, type StoredCredential } from './credentials.js';
import { notify } from './credential-endpoint.js';
import { Exchange, type IssuanceEnvironment } from './exchange.js';
import { isFinished, tokenLives, type Asked, type Grant } from './grant.js';
import {
  AUTHORIZATION_CODE,
  configurationOf,
  PRE_AUTHORIZED,
  serverFor,
  type Configuration,
} from './issuer.js';
import type { ProofType } from './proofs.js';
import { take } from './take.js';
import { redeemPreAuthorizedCode, refresh, signIn, type Browser } from './tokens.js';

/** Credentials of one offer, and of one kind in it, that the wallet takes. */
const OFFERED_MAX = 10;
/** Copies of a credential that the wallet asks for when the issuer gives several at once. */
const COPIES = 10;
const COPIES_MAX = 100;
const ISSUER_METADATA = '/.well-known/openid-credential-issuer';
const METADATA_TYPES = 'application/jwt, application/json;q=0.9';

export interface ReceiveOptions {
  /** Transaction code of a pre-authorized offer. */
  txCode?: string | undefined;
  /** For an authorization that wants the person to sign in. */
  browser?: (() => Promise<Browser>) | undefined;
  /** How many copies to ask for, where the issuer gives several. */
  copies?: number | undefined;
  /** How long to wait for credentials that the issuer has not ready yet. */
  waitMs?: number | undefined;
  /** Ask with `authorization_details` even where scopes would do. */
  authorizationDetails?: boolean | undefined;
  /** Which proof to give where the issuer takes both. */
  proof?: ProofType | undefined;
  /** Told what is being done, in a few words. */
  progress?: ((step: ProgressStep) => void) | undefined;
}

export type ProgressStep = 'offer' | 'issuer' | 'sign-in' | 'token' | 'credential' | 'waiting';

/** Takes credentials by OpenID4VCI 1.0 under HAIP 1.0: from offers, or by asking an issuer. */
export class Issuance {
  readonly credentials: Credentials;

  constructor(
    private readonly store: Store,
    private readonly origins: readonly string[],
    private readonly environment: IssuanceEnvironment,
  ) {
    this.credentials = new Credentials(store);
  }

  /**
   * Takes what `offer` offers (section 4.1: by value or by reference, as a URI of any scheme). Taking the same offer again
   * answers with the credentials that it brought.
   */
  async receive(offer: string, options: ReceiveOptions = {}): Promise<StoredCredential[]> {
    const name = `t.${hex(await sha256(utf8(offer)))}`;
    return this.guarded(name, async () => {
      options.progress?.('offer');
      return this.run(name, await this.begin(name, offer), options);
    });
  }

  /** Asks an issuer for credentials without an offer: the person signs in there (section 5). */
  async request(
    issuer: string,
    configurations: string[],
    options: ReceiveOptions = {},
  ): Promise<StoredCredential[]> {
    const name = `t.${base64url(randomBytes(24))}`;
    return this.guarded(name, async () => {
      this.checkIssuer(issuer, configurations);
      return this.run(name, { issuer, configurations, asked: [] }, options);
    });
  }

  /** What an issuer issues. */
  async configurations(issuer: string): Promise<(Configuration & { grants: string[] })[]> {
    return explained(async () => {
      const metadata = await this.metadata(issuer);
      const grants = [
        ...new Set(metadata.authorizationServers.flatMap((server) => server.grant_types_supported ?? [])),
      ];
      return Object.keys(metadata.knownCredentialConfigurations).map((id) => ({
        ...configurationOf(metadata, id),
        grants,
      }));
    });
  }

  /** Credentials that issuers have promised for later. */
  async deferred(): Promise<{ issuer: string; configuration: string; retry_at?: string }[]> {
    return (await this.grants()).flatMap(({ grant }) =>
      waitingIn(grant).map(({ configuration, retry_at }) => ({
        issuer: grant.issuer,
        configuration,
        ...(retry_at ? { retry_at: new Date(retry_at).toISOString() } : {}),
      })),
    );
  }

  /** Comes back for deferred credentials; those still not ready stay in {@link deferred}. */
  async collect(options: ReceiveOptions = {}): Promise<StoredCredential[]> {
    const collected: StoredCredential[] = [];
    for (const { name } of await this.grants()) {
      const got = await this.guarded(name, async () => {
        const grant = await readJson<Grant>(this.store, `grants/${name}.json`);
        return grant && waitingIn(grant).length > 0 ? this.run(name, grant, options) : [];
      }).catch((error: unknown) => {
        if (error instanceof WalletProblem && error.type.endsWith('wallet-issuance-deferred')) return [];
        throw error;
      });
      collected.push(...got);
    }
    return collected;
  }

  /** Has a credential issued anew, with new keys, in the place of what the wallet holds of it. */
  async renew(id: string, options: ReceiveOptions = {}): Promise<StoredCredential> {
    const { grant: name } = await this.credentials.get(id);
    return this.guarded(name, async () => {
      const grant = await readJson<Grant>(this.store, `grants/${name}.json`);
      const asked = grant?.asked.find((each) => each.received?.includes(id));
      if (!grant || !asked)
        throw refuse('cannot-renew', 'The wallet does not know where the credential came from');
      if (!grant.refresh_token)
        throw refuse('cannot-renew', 'The issuer allows no renewal of this credential');
      const exchange = await this.exchangeFor(name, grant);
      await refresh(exchange);
      const before = { ...asked };
      Object.assign(asked, { keys: [], received: undefined, replaces: id });
      try {
        return (await this.run(name, grant, options)).find((each) => each.id === id)!;
      } catch (error) {
        if (asked.transaction_id === undefined) Object.assign(asked, before, { replaces: undefined });
        await this.save(name, grant);
        throw error;
      }
    });
  }

  /** Forgets a credential and its keys' use; the issuer is told where it wants to know. */
  async forget(id: string): Promise<StoredCredential> {
    const removed = await this.credentials.remove(id);
    const grant = await readJson<Grant>(this.store, `grants/${removed.grant}.json`);
    if (grant && removed.notification_id && (tokenLives(grant) || grant.refresh_token)) {
      await this.tellDeleted(removed, grant).catch(() => undefined);
    }
    return removed;
  }

  private async tellDeleted({ grant: name, notification_id }: StoredCredential, grant: Grant): Promise<void> {
    const exchange = await this.exchangeFor(name, grant);
    if (!tokenLives(grant)) await refresh(exchange);
    await notify(exchange, notification_id!, 'credential_deleted');
    await this.save(name, grant);
  }

  /** Goes on with what was begun, since an offer is gone once its code is redeemed; or resolves the offer. */
  private async begin(name: string, offer: string): Promise<Grant> {
    const before = await readJson<Grant>(this.store, `grants/${name}.json`);
    if (before && (tokenLives(before) || waitingIn(before).length > 0)) return before;
    const resolved = await this.resolve(offer).catch((error: unknown) => {
      if (before && isFinished(before)) return before.offer!;
      throw error;
    });
    if (before?.offer && rightIn(before.offer) === rightIn(resolved)) {
      if (!isFinished(before)) delete before.access_token;
      return before;
    }
    const { credential_issuer: issuer, credential_configuration_ids: configurations } = resolved;
    return { offer: resolved, issuer, configurations: [...new Set(configurations)], asked: [] };
  }

  private async resolve(offer: string): Promise<CredentialOfferObject> {
    const resolved = await this.client().resolveCredentialOffer(offer);
    this.checkIssuer(resolved.credential_issuer, resolved.credential_configuration_ids);
    return resolved;
  }

  private checkIssuer(issuer: string, configurations: string[]): void {
    if (!isUnder(this.origins, issuer)) throw foreign('The issuer is of another city', issuer);
    if (configurations.length === 0 || configurations.length > OFFERED_MAX)
      throw refuse('offer-not-understood', 'The offer is empty or too long');
  }

  private async run(name: string, grant: Grant, options: ReceiveOptions): Promise<StoredCredential[]> {
    if (!isFinished(grant)) {
      options.progress?.('issuer');
      const exchange = await this.exchangeFor(name, grant);
      for (const id of grant.configurations) configurationOf(exchange.issuer, id);
      if (!tokenLives(grant)) await this.authorize(name, exchange, options);
      await this.plan(name, exchange, options);
      for (const asked of grant.asked) {
        if (asked.received) continue;
        options.progress?.('credential');
        await take(exchange, asked, this.credentials, name, options, () => this.save(name, grant));
      }
      delete grant.access_token;
      await this.save(name, grant);
    }
    return Promise.all(
      grant.asked.flatMap(({ received }) => received ?? []).map((id) => this.credentials.get(id)),
    );
  }

  private async authorize(name: string, exchange: Exchange, options: ReceiveOptions): Promise<void> {
    const { grant } = exchange;
    if (grant.refresh_token) await refresh(exchange);
    else if (grant.offer?.grants?.[PRE_AUTHORIZED]) {
      options.progress?.('token');
      await redeemPreAuthorizedCode(exchange, options.txCode);
    } else {
      if (!options.browser)
        throw refuse('sign-in-needed', 'The issuer wants the person to sign in', 'a browser is needed');
      options.progress?.('sign-in');
      await signIn(exchange, await options.browser(), options.authorizationDetails ?? false);
    }
    // The code is spent: what it brought must not be lost.
    await this.save(name, grant);
  }

  /** Says what is to be asked for, with keys that are on disk before they are proven. */
  private async plan(name: string, { grant, issuer }: Exchange, options: ReceiveOptions): Promise<void> {
    for (const configuration of grant.configurations) {
      if (grant.asked.some((asked) => asked.configuration === configuration)) continue;
      const identifiers = grant.identifiers?.[configuration] ?? [];
      if (identifiers.length > OFFERED_MAX) throw refuse('offer-not-understood', 'The grant is too long');
      for (const identifier of identifiers.length > 0 ? identifiers : [undefined])
        grant.asked.push({ configuration, keys: [], ...(identifier === undefined ? {} : { identifier }) });
    }
    const batch = issuer.credentialIssuer.batch_credential_issuance?.batch_size ?? 1;
    const count = Math.max(1, Math.min(options.copies ?? COPIES, batch, COPIES_MAX));
    for (const asked of grant.asked)
      while (!asked.received && asked.transaction_id === undefined && asked.keys.length < count)
        asked.keys.push(await this.environment.keys.create());
    await this.save(name, grant);
  }

  private async exchangeFor(name: string, grant: Grant): Promise<Exchange> {
    const issuer = await this.metadata(grant.issuer);
    const { [PRE_AUTHORIZED]: preAuthorized, [AUTHORIZATION_CODE]: code } = grant.offer?.grants ?? {};
    const server = preAuthorized
      ? serverFor(issuer, PRE_AUTHORIZED, grant.server ?? preAuthorized.authorization_server)
      : serverFor(issuer, AUTHORIZATION_CODE, grant.server ?? code?.authorization_server);
    return Exchange.open(this.environment, grant, issuer, server, () => this.save(name, grant));
  }

  /** Section 12.2: asks for signed metadata; where it is signed, the signer must be under a trust anchor. */
  private metadata(issuer: string): Promise<IssuerMetadataResult> {
    return this.client().resolveIssuerMetadata(issuer);
  }

  private client(): Openid4vciClient {
    const { fetch, anchors } = this.environment;
    // The library reads signed metadata but leaves asking for them to the wallet.
    const repeating = (url: string, init: RequestInit = {}) =>
      fetch(
        url,
        url.includes(ISSUER_METADATA) ? { ...init, headers: { accept: METADATA_TYPES } } : init,
        'always',
      );
    return new Openid4vciClient({ callbacks: openidCallbacks({ fetch: repeating, anchors }) });
  }

  private async grants(): Promise<{ name: string; grant: Grant }[]> {
    const found: { name: string; grant: Grant }[] = [];
    for (const path of await this.store.list('grants')) {
      const grant = await readJson<Grant>(this.store, path);
      if (grant) found.push({ name: path.replace(/^grants\/|\.json$/g, ''), grant });
    }
    return found;
  }

  private save(name: string, grant: Grant): Promise<void> {
    return writeJson(this.store, `grants/${name}.json`, grant);
  }

  private guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
    return explained(() => this.store.exclusive(name, work));
  }
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await openidProblem(error, 'issuance-failed', 'The credential could not be received');
  }
}

function waitingIn(grant: Grant): Asked[] {
  return grant.asked.filter((asked) => asked.transaction_id !== undefined && !asked.received);
}

/** What makes an offer another one, although it is found at the same address. */
function rightIn(offer: CredentialOfferObject): string {
  const { grants, credential_configuration_ids } = offer;
  const code =
    grants?.[PRE_AUTHORIZED]?.['pre-authorized_code'] ?? grants?.[AUTHORIZATION_CODE]?.issuer_state;
  return JSON.stringify([code, credential_configuration_ids]);
}
