import { refuse } from '../problem.js';
import type { Credentials, StoredCredential } from './credentials.js';
import { Exchange, type IssuanceEnvironment } from './exchange.js';
import { isFinished, tokenLives, type Grant } from './grant.js';
import type { Grants } from './grants.js';
import { AUTHORIZATION_CODE, configurationOf, PRE_AUTHORIZED, serverFor } from './issuer.js';
import type { Issuers } from './issuers.js';
import type { ReceiveOptions } from './options.js';
import { take } from './take.js';
import { redeemPreAuthorizedCode, refresh, signIn } from './tokens.js';

/** Credentials of one kind in one grant that the wallet takes. */
const IDENTIFIERS_MAX = 10;
/** Copies of a credential that the wallet asks for when the issuer gives several at once. */
const COPIES = 10;
const COPIES_MAX = 100;

/** Has issuers keep what they granted: a token, then each credential. Everything is on disk before it is relied upon. */
export class Fulfilment {
  constructor(
    private readonly environment: IssuanceEnvironment,
    private readonly grants: Grants,
    private readonly issuers: Issuers,
    private readonly credentials: Credentials,
  ) {}

  /** Gets everything that is granted and not here yet; answers with all of it. */
  async run(name: string, grant: Grant, options: ReceiveOptions): Promise<StoredCredential[]> {
    if (!isFinished(grant)) {
      options.progress?.('issuer');
      const exchange = await this.exchangeFor(name, grant);
      for (const id of grant.configurations) configurationOf(exchange.issuer, id);
      if (!tokenLives(grant)) await this.authorize(name, exchange, options);
      await this.plan(name, exchange, options);
      for (const asked of grant.asked) {
        if (asked.received) continue;
        options.progress?.('credential');
        await take(exchange, asked, this.credentials, name, options, () => this.grants.save(name, grant));
      }
      delete grant.access_token;
      await this.grants.save(name, grant);
    }
    return Promise.all(grant.asked.map(({ id }) => this.credentials.get(id)));
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
    await this.grants.save(name, grant);
  }

  /** Says what is to be asked for, with keys that are on disk before they are proven. */
  private async plan(name: string, { grant, issuer }: Exchange, options: ReceiveOptions): Promise<void> {
    for (const configuration of grant.configurations) {
      if (grant.asked.some((asked) => asked.configuration === configuration)) continue;
      const identifiers = grant.identifiers?.[configuration] ?? [];
      if (identifiers.length > IDENTIFIERS_MAX) throw refuse('offer-not-understood', 'The grant is too long');
      for (const identifier of identifiers.length > 0 ? identifiers : [undefined])
        grant.asked.push({
          id: crypto.randomUUID(),
          configuration,
          keys: [],
          received: false,
          ...(identifier === undefined ? {} : { identifier }),
        });
    }
    const batch = issuer.credentialIssuer.batch_credential_issuance?.batch_size ?? 1;
    const count = Math.max(1, Math.min(options.copies ?? COPIES, batch, COPIES_MAX));
    for (const asked of grant.asked)
      while (!asked.received && asked.transaction_id === undefined && asked.keys.length < count)
        asked.keys.push(await this.environment.keys.create());
    await this.grants.save(name, grant);
  }

  /** A conversation with the grant's issuer. */
  async exchangeFor(name: string, grant: Grant): Promise<Exchange> {
    const issuer = await this.issuers.metadata(grant.issuer);
    const { [PRE_AUTHORIZED]: preAuthorized, [AUTHORIZATION_CODE]: code } = grant.offer?.grants ?? {};
    const server = preAuthorized
      ? serverFor(issuer, PRE_AUTHORIZED, grant.server ?? preAuthorized.authorization_server)
      : serverFor(issuer, AUTHORIZATION_CODE, grant.server ?? code?.authorization_server);
    return Exchange.open(this.environment, grant, issuer, server, () => this.grants.save(name, grant));
  }
}
