import { createInterface } from 'node:readline/promises';
import { readStandardInput, type Context } from './context.js';
import { needed } from './arguments.js';
import { listenForRedirect } from './loopback.js';
import { signInByForm } from './login-form.js';
import { isOfferUri, offerUriOf } from '../issuance/offers.js';
import type { StoredCredential } from '../issuance/credentials.js';
import { idIn } from '../http/api.js';
import { WalletProblem } from '../problem.js';

/** States of a presentation in which the verifier still waits for an answer. */
const UNANSWERED = new Set(['created', 'requested', 'pending', 'open', 'waiting']);

export async function login({ wallet, options, say }: Context): Promise<unknown> {
  const loopback = await listenForRedirect();
  try {
    const pending = await wallet.session.begin(loopback.redirectUri);
    if (options.username === undefined) {
      say(`Open this address in a browser to sign in:\n\n  ${pending.authorizationUrl}\n`);
      return await wallet.session.finish(pending, await loopback.arrival);
    }
    const password = options.passwordStdin
      ? (await readStandardInput()).replace(/\r?\n$/, '')
      : process.env['MADANG_PASSWORD'];
    const credentials = {
      username: options.username,
      password: needed(password, 'the password (--password-stdin or MADANG_PASSWORD)'),
    };
    const { authorizationUrl, redirectUri } = pending;
    const arrived = await signInByForm(
      wallet.fetch,
      wallet.origin,
      authorizationUrl,
      redirectUri,
      credentials,
    );
    return await wallet.session.finish(pending, arrived);
  } finally {
    loopback.close();
  }
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

export async function receive({ wallet, options }: Context, [reference]: string[]): Promise<unknown> {
  const given = needed(reference, 'the offer');
  const own = isOfferUri(given) ? undefined : await wallet.offers.get(given);
  const txCode = options.txCode ?? own?.tx_code;
  const received = await wallet.issuance.receive(own ? offerUriOf(own) : given, txCode);
  return { credentials: received.map(summary) };
}

export async function credentials({ wallet }: Context): Promise<unknown> {
  return { items: (await wallet.issuance.credentials.all()).map(summary) };
}

export async function show({ wallet }: Context, [id]: string[]): Promise<unknown> {
  const found = await wallet.issuance.credentials.get(needed(id, 'the credential'));
  return { ...summary(found), selective: found.selective, credential: found.credential };
}

export async function present({ wallet, options, say }: Context, [reference]: string[]): Promise<unknown> {
  const given = needed(reference, 'the presentation');
  const id = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? undefined : idIn(given);
  const state = () =>
    wallet.api.get<{ state: string; authorization_request: string }>(`/identity/presentations/${id}`);
  const prepared = await wallet.presentations.prepare(id ? (await state()).authorization_request : given);
  const asked = {
    verifier: prepared.request.verifierName,
    certificate: prepared.request.verifier.subject,
    disclosures: prepared.disclosures,
  };
  if (!options.yes && !(await agreed(asked, options.json, say))) {
    throw new WalletProblem({
      type: 'urn:madang:problem:wallet-consent-needed',
      title: 'Nothing was shown',
      detail: 'give --yes to agree',
      more: { request: asked },
    });
  }
  const arrived = async () => !UNANSWERED.has((await state()).state);
  const outcome = await wallet.presentations.submit(prepared, id ? arrived : undefined);
  return {
    presented: true,
    ...asked,
    ...(outcome.redirect_uri ? { redirect_uri: outcome.redirect_uri } : {}),
  };
}

async function agreed(asked: object, json: boolean, say: (text: string) => void): Promise<boolean> {
  if (json || !process.stdin.isTTY) return false;
  say(JSON.stringify(asked, null, 2));
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes)$/i.test((await terminal.question('Show this? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

function summary(credential: StoredCredential): object {
  const instant = (at: number | undefined) =>
    at === undefined ? undefined : new Date(at * 1000).toISOString();
  return {
    id: credential.id,
    vct: credential.vct,
    credential_configuration_id: credential.credential_configuration_id,
    name: credential.display[0]?.name,
    issuer: credential.issuer.name,
    claims: credential.claims,
    issued_at: instant(credential.issuedAt),
    expires_at: instant(credential.expiresAt),
    received_at: credential.received_at,
  };
}
