import type { CredentialOfferObject } from '@openid4vc/openid4vci';
import { base64url, hex, randomBytes, sha256, utf8 } from '../bytes.js';
import { openidProblem } from '../openid/problems.js';
import { refuse, WalletProblem } from '../problem.js';
import type { Store } from '../store/store.js';
import { Credentials, type StoredCredential } from './credentials.js';
import { notify } from './credential-endpoint.js';
import type { IssuanceEnvironment } from './exchange.js';
import { Fulfilment } from './fulfilment.js';
import { isFinished, tokenLives, type Asked, type Grant } from './grant.js';
import { Grants } from './grants.js';
import { Issuers } from './issuers.js';
import { AUTHORIZATION_CODE, configurationOf, PRE_AUTHORIZED, type Configuration } from './issuer.js';
import type { ReceiveOptions } from './options.js';
import { refresh } from './tokens.js';

/** Takes credentials by OpenID4VCI 1.0 under HAIP 1.0: from offers, or by asking an issuer. */
export class Issuance {
  readonly credentials: Credentials;
  private readonly grants: Grants;
  private readonly issuers: Issuers;
  private readonly fulfilment: Fulfilment;

  constructor(
    private readonly store: Store,
    origins: readonly string[],
    private readonly environment: IssuanceEnvironment,
  ) {
    this.credentials = new Credentials(store);
    this.grants = new Grants(store);
    this.issuers = new Issuers(origins, environment.fetch, environment.anchors);
    this.fulfilment = new Fulfilment(environment, this.grants, this.issuers, this.credentials);
  }

  /**
   * Takes what `offer` offers (section 4.1: by value or by reference, as a URI of any scheme). Taking the same offer again
   * answers with the credentials that it brought.
   */
  async receive(offer: string, options: ReceiveOptions = {}): Promise<StoredCredential[]> {
    const name = `t.${hex(await sha256(utf8(offer)))}`;
    return this.guarded(name, async () => {
      options.progress?.('offer');
      return this.fulfilment.run(name, await this.begin(name, offer), options);
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
      this.issuers.check(issuer, configurations);
      return this.fulfilment.run(name, { issuer, configurations, asked: [] }, options);
    });
  }

  /** What an issuer issues. */
  async configurations(issuer: string): Promise<(Configuration & { grants: string[] })[]> {
    return explained(async () => {
      const metadata = await this.issuers.metadata(issuer);
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
    return (await this.grants.all()).flatMap(({ grant }) =>
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
    let failure: unknown;
    for (const { name } of await this.grants.all()) {
      try {
        const got = await this.guarded(name, async () => {
          const grant = await this.grants.get(name);
          return grant && waitingIn(grant).length > 0 ? this.fulfilment.run(name, grant, options) : [];
        });
        collected.push(...got);
      } catch (error) {
        if (!(error instanceof WalletProblem && error.type.endsWith('wallet-issuance-deferred')))
          failure = error;
      }
    }
    if (failure !== undefined && collected.length === 0) throw failure;
    return collected;
  }

  /** Has a credential issued anew, with new keys, in the place of what the wallet holds of it. */
  async renew(id: string, options: ReceiveOptions = {}): Promise<StoredCredential> {
    const { grant: name, copies } = await this.credentials.get(id);
    return this.guarded(name, async () => {
      const grant = await this.grants.get(name);
      const asked = grant?.asked.find((each) => each.id === id);
      if (!grant || !asked)
        throw refuse('cannot-renew', 'The wallet does not know where the credential came from');
      if (!grant.refresh_token)
        throw refuse('cannot-renew', 'The issuer allows no renewal of this credential');
      await refresh(await this.fulfilment.exchangeFor(name, grant));
      const before = { ...asked };
      Object.assign(asked, { keys: [], received: false });
      try {
        await this.fulfilment.run(name, grant, options);
      } catch (error) {
        if (asked.transaction_id === undefined) Object.assign(asked, before);
        await this.grants.save(name, grant);
        throw error;
      }
      const renewed = await this.credentials.get(id);
      const kept = new Set(renewed.copies.map(({ key }) => key));
      for (const { key } of copies) if (!kept.has(key)) await this.environment.keys.remove(key);
      return renewed;
    });
  }

  /** Forgets a credential and destroys its keys; the issuer is told where it wants to know. */
  async forget(id: string): Promise<void> {
    const { grant: name, copies, notification_id: notificationId } = await this.credentials.get(id);
    await this.guarded(name, async () => {
      const grant = await this.grants.get(name);
      if (grant && notificationId !== undefined) await this.tellDeleted(name, grant, notificationId);
      await this.credentials.remove(id);
      for (const { key } of copies) await this.environment.keys.remove(key);
      if (!grant) return;
      grant.asked = grant.asked.filter((asked) => asked.id !== id);
      if (grant.asked.length > 0) await this.grants.save(name, grant);
      else await this.grants.remove(name);
    });
  }

  /** That the issuer cannot be told keeps nobody from forgetting. */
  private async tellDeleted(name: string, grant: Grant, notificationId: string): Promise<void> {
    if (!tokenLives(grant) && !grant.refresh_token) return;
    try {
      const exchange = await this.fulfilment.exchangeFor(name, grant);
      if (!tokenLives(grant)) await refresh(exchange);
      await notify(exchange, notificationId, 'credential_deleted');
    } catch {
      // A notification may always be lost, section 11.
    }
  }

  /** Goes on with what was begun, since an offer is gone once its code is redeemed; or resolves the offer. */
  private async begin(name: string, offer: string): Promise<Grant> {
    const before = await this.grants.get(name);
    if (before && (tokenLives(before) || waitingIn(before).length > 0)) return before;
    const resolved = await this.issuers.offer(offer).catch((error: unknown) => {
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
