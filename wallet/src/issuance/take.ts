import { isAmbiguous } from '../http/retry.js';
import { refuse, WalletProblem } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { iacasOf } from '../trust/iacas.js';
import { checkCredential } from './check.js';
import type { CheckedCopy } from './checked.js';
import { ask, notify, type CredentialAnswer } from './credential-endpoint.js';
import type { Copy, Credentials, StoredCredential } from './credentials.js';
import type { Exchange } from './exchange.js';
import { tokenLives, type Asked } from './grant.js';
import { configurationOf } from './issuer.js';
import { proofsOf } from './proofs.js';
import type { ReceiveOptions } from './options.js';
import { refresh } from './tokens.js';
import { typeDisplay } from './type-metadata.js';

/** Times that proofs are made anew when the issuer says that their nonce is spent or its answer was lost. */
const PROOFS_MAX = 5;

/** Errors after which a transaction is not to be asked for again. */
const OVER = new Set(['invalid_transaction_id', 'credential_request_denied']);

/** Gets what is asked for, now or when the issuer has it ready, checks it, and keeps it. */
export async function take(
  exchange: Exchange,
  asked: Asked,
  credentials: Credentials,
  grantName: string,
  options: ReceiveOptions,
  save: () => Promise<void>,
): Promise<void> {
  const until = Date.now() + (options.waitMs ?? 0);
  let answer: CredentialAnswer | undefined;
  if (asked.transaction_id === undefined) answer = await request(exchange, asked, options);
  for (;;) {
    if (answer && 'credentials' in answer) break;
    if (answer) {
      asked.transaction_id = answer.transactionId;
      asked.retry_at = Date.now() + answer.intervalSeconds * 1000;
      await save();
    }
    await pause(asked, until, options);
    answer = await askAgain(exchange, asked, save);
  }
  const { notificationId } = answer;
  try {
    const content = await checked(exchange, asked, answer.credentials);
    const stored = {
      ...content,
      grant: grantName,
      ...(notificationId === undefined ? {} : { notification_id: notificationId }),
    };
    await credentials.put(asked.id, stored);
    asked.received = true;
    delete asked.transaction_id;
    delete asked.retry_at;
    await save();
  } catch (error) {
    if (notificationId !== undefined) await notify(exchange, notificationId, 'credential_failure');
    throw error;
  }
  if (notificationId !== undefined) await notify(exchange, notificationId, 'credential_accepted');
}

/** Sections 7 and 8: a nonce, proofs with the copies' own keys, the credential request. */
async function request(exchange: Exchange, asked: Asked, options: ReceiveOptions): Promise<CredentialAnswer> {
  const configuration = configurationOf(exchange.issuer, asked.configuration);
  const { credential_endpoint, nonce_endpoint } = exchange.issuer.credentialIssuer;
  const which = asked.identifier
    ? { credential_identifier: asked.identifier }
    : { credential_configuration_id: asked.configuration };
  for (let attempts = 1; ; attempts++) {
    const keys = await Promise.all(asked.keys.map((name) => exchange.environment.keys.get(name)));
    const nonce = nonce_endpoint
      ? (await exchange.openid([]).requestNonce({ issuerMetadata: exchange.issuer })).c_nonce
      : undefined;
    const { proof = 'jwt', binding } = options;
    const proofs = await proofsOf(exchange, configuration, keys, nonce, proof, binding);
    try {
      return await ask(exchange, credential_endpoint, { ...which, proofs }, 'unsent');
    } catch (error) {
      // Some issuers give fewer copies of one kind of credential than their metadata promise.
      if (attempts < PROOFS_MAX && asked.keys.length > 1 && wantsFewerProofs(error)) asked.keys.length = 1;
      // The same keys with new proofs: at worst the issuer signs the same claims for the same keys once more.
      else if (attempts >= PROOFS_MAX || !wantsNewProofs(error)) throw error;
    }
  }
}

/** Section 9: asks for what was deferred. */
async function askAgain(
  exchange: Exchange,
  asked: Asked,
  save: () => Promise<void>,
): Promise<CredentialAnswer> {
  const url = exchange.issuer.credentialIssuer.deferred_credential_endpoint;
  if (!url)
    throw refuse('issuance-failed', 'The issuer deferred the credential and does not say where to ask');
  if (!tokenLives(exchange.grant)) {
    await refresh(exchange);
    await save();
  }
  try {
    return await ask(exchange, url, { transaction_id: asked.transaction_id }, 'always');
  } catch (error) {
    if (error instanceof WalletProblem && OVER.has(error.title)) {
      delete asked.transaction_id;
      asked.keys = [];
      await save();
    }
    throw error;
  }
}

async function pause(asked: Asked, until: number, { progress }: ReceiveOptions): Promise<void> {
  const retryAt = asked.retry_at ?? Date.now();
  if (retryAt > until && retryAt > Date.now()) {
    throw new WalletProblem({
      type: 'urn:madang:problem:wallet-issuance-deferred',
      title: 'The issuer has the credential not ready yet',
      detail: 'collect it later with `madang-wallet deferred`',
      more: { configuration: asked.configuration, retry_at: new Date(retryAt).toISOString() },
    });
  }
  progress?.('waiting');
  await new Promise((resume) => setTimeout(resume, Math.max(0, retryAt - Date.now())));
}

async function checked(
  { grant, issuer, environment }: Exchange,
  asked: Asked,
  received: unknown[],
): Promise<Omit<StoredCredential, 'id' | 'received_at' | 'grant'>> {
  const { format, type, display } = configurationOf(issuer, asked.configuration);
  const { anchors, fetch } = environment;
  if (received.length > asked.keys.length)
    throw refuse('bad-credential', 'The issuer gave more than was asked for');
  let iacas: Promise<TrustAnchors | undefined> | undefined;
  const copies: Copy[] = [];
  let first: CheckedCopy | undefined;
  for (const credential of received) {
    const copy = await checkCredential(credential, {
      format,
      type,
      keys: asked.keys,
      issuer: grant.issuer,
      anchors,
      iacas: () => (iacas ??= iacasOf(grant.issuer, { fetch, anchors })),
    });
    if (copies.some(({ key }) => key === copy.key))
      throw refuse('bad-credential', 'Two copies are bound to the same key');
    first ??= copy;
    // Copies that say different things, or cite different types, would tell verifiers apart who are shown them.
    if (copy.integrity !== first.integrity || canonical(copy.claims) !== canonical(first.claims))
      throw refuse('bad-credential', 'The copies of the credential differ');
    copies.push({
      key: copy.key,
      credential: credential as string,
      ...(copy.status ? { status: copy.status } : {}),
    });
  }
  const { key: _key, status: _status, integrity, ...content } = first!;
  return {
    ...content,
    issuer_url: grant.issuer,
    credential_configuration_id: asked.configuration,
    ...(asked.identifier ? { credential_identifier: asked.identifier } : {}),
    display,
    type_display: content.vct ? await typeDisplay(content.vct, integrity, fetch) : [],
    copies,
  };
}

function wantsFewerProofs(error: unknown): boolean {
  return (
    error instanceof WalletProblem && ['invalid_proof', 'invalid_credential_request'].includes(error.title)
  );
}

function wantsNewProofs(error: unknown): boolean {
  if (error instanceof WalletProblem)
    return error.title === 'invalid_nonce' || error.status === 502 || error.status === 504;
  return isAmbiguous(error);
}

/** The same text for the same claims, whatever their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
