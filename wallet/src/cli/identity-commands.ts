import { withBrowser } from './browser.js';
import { needed } from './arguments.js';
import type { Context } from './context.js';
import { unusedOf, type StoredCredential } from '../issuance/credentials.js';
import { isOfferUri, offerUriOf, type OwnOffer } from '../issuance/offers.js';
import type { ReceiveOptions } from '../issuance/options.js';

export async function login(context: Context): Promise<unknown> {
  const { session } = context.wallet;
  return withBrowser(context, async (open) => {
    const browser = await open();
    const pending = await session.begin(browser.redirectUri);
    return session.finish(pending, await browser.open(pending.authorizationUrl));
  });
}

export async function logout({ wallet }: Context): Promise<unknown> {
  await wallet.session.end();
  return { signed_in: false };
}

export async function whoami({ wallet }: Context): Promise<unknown> {
  await wallet.session.accessToken();
  return wallet.session.person();
}

export async function offers({ wallet }: Context): Promise<unknown> {
  return { items: await wallet.offers.all() };
}

export async function types(context: Context): Promise<unknown> {
  const found = await context.wallet.issuance.configurations(issuerOf(context));
  const items = found.map(({ id, format, type, scope, display, grants }) => ({
    id,
    name: context.words.name(display),
    format,
    type,
    scope,
    grants,
  }));
  return { items };
}

export async function receive(context: Context, [reference]: string[]): Promise<unknown> {
  const { wallet, options } = context;
  const given = needed(reference, 'the offer');
  if (isOfferUri(given))
    return received(context, (how) => wallet.issuance.receive(given, { ...how, txCode: options.txCode }));
  const own = await wallet.offers.get(given);
  return received(context, async (how) => {
    const take = (offer: OwnOffer) =>
      wallet.issuance.receive(offerUriOf(offer), { ...how, txCode: options.txCode ?? offer.tx_code });
    try {
      return await take(own);
    } catch (error) {
      // Its code was spent and the token lost, unless a wallet elsewhere has it: then it is this one that goes on.
      if (own.state !== 'redeemed') throw error;
      return take(await wallet.offers.renew(given));
    }
  });
}

export async function request(context: Context, configurations: string[]): Promise<unknown> {
  needed(configurations[0], 'what to ask for');
  return received(context, (how) => context.wallet.issuance.request(issuerOf(context), configurations, how));
}

export async function deferred(context: Context): Promise<unknown> {
  const { issuance } = context.wallet;
  const got = (await received(context, (how) => issuance.collect(how))) as object;
  return { ...got, deferred: await issuance.deferred() };
}

export async function renew(context: Context, [id]: string[]): Promise<unknown> {
  return received(context, async (how) => [
    await context.wallet.issuance.renew(needed(id, 'the credential'), how),
  ]);
}

export async function forget(context: Context, [id]: string[]): Promise<unknown> {
  const forgotten = needed(id, 'the credential');
  await context.wallet.issuance.forget(forgotten);
  return { forgotten };
}

export async function credentials(context: Context): Promise<unknown> {
  const { wallet, options } = context;
  const held = await wallet.issuance.credentials.all();
  const items = await Promise.all(
    held.map(async (each) => ({
      ...summary(context, each),
      ...(options.status ? await wallet.statuses.of(each) : {}),
    })),
  );
  return { items };
}

export async function show(context: Context, [id]: string[]): Promise<unknown> {
  const found = await context.wallet.issuance.credentials.get(needed(id, 'the credential'));
  const next = found.copies.find((copy) => copy.used_at === undefined) ?? found.copies[0]!;
  return { ...summary(context, found), selective: found.selective, credential: next.credential };
}

export async function check({ wallet }: Context, [id]: string[]): Promise<unknown> {
  const { credentials: held } = wallet.issuance;
  const wanted = id === undefined ? await held.all() : [await held.get(id)];
  const items = await Promise.all(
    wanted.map(async (each) => ({
      id: each.id,
      type: each.vct ?? each.doctype,
      ...(await wallet.statuses.of(each)),
    })),
  );
  return id === undefined ? { items } : items[0];
}

async function received(
  context: Context,
  work: (how: ReceiveOptions) => Promise<StoredCredential[]>,
): Promise<unknown> {
  const { options, progress, words } = context;
  const got = await withBrowser(context, (browser) =>
    work({
      browser,
      copies: options.copies,
      waitMs: options.timeoutMs,
      authorizationDetails: options.authorizationDetails,
      proof: options.proof,
      binding: options.binding,
      progress: (step) => progress(words.progress[step]),
    }),
  );
  return { credentials: got.map((each) => summary(context, each)) };
}

function issuerOf({ wallet, options }: Context): string {
  return options.issuer ?? `${wallet.origin}/identity`;
}

function summary({ words }: Context, credential: StoredCredential): object {
  const instant = (at: number | undefined) =>
    at === undefined ? undefined : new Date(at * 1000).toISOString();
  return {
    id: credential.id,
    format: credential.format,
    vct: credential.vct,
    doctype: credential.doctype,
    credential_configuration_id: credential.credential_configuration_id,
    credential_identifier: credential.credential_identifier,
    name: words.name([...credential.display, ...credential.type_display]),
    issuer: credential.issuer.name,
    claims: credential.claims,
    copies: credential.copies.length,
    copies_left: unusedOf(credential),
    issued_at: instant(credential.issuedAt),
    expires_at: instant(credential.expiresAt),
    received_at: credential.received_at,
  };
}
