import { compactDecrypt, CompactEncrypt, importJWK, type JWK } from 'jose';
import { textOf, utf8 } from '../bytes.js';
import { problemFrom } from '../http/api.js';
import type { Repeat } from '../http/retry.js';
import { generateKey, publicKeyOf, thumbprintOf, type PrivateKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import type { Exchange } from './exchange.js';

const ALG = 'ECDH-ES';
const ENCS = ['A256GCM', 'A128GCM'];
const JSON_TYPE = 'application/json';
const JWT_TYPE = 'application/jwt';
/** Pause before a deferred credential is asked for again when the issuer does not say. */
const INTERVAL_SECONDS = 5;

/** A credential response, OpenID4VCI 1.0 section 8.3: credentials, or a transaction to come back for. */
export type CredentialAnswer =
  | { credentials: unknown[]; notificationId: string | undefined }
  | { transactionId: string; intervalSeconds: number };

interface Encryption {
  jwks?: { keys?: (JWK & { kid?: string })[] };
  alg_values_supported?: string[];
  enc_values_supported?: string[];
  encryption_required?: boolean;
}

/** Sends a credential or deferred request, encrypted both ways where the issuer offers it (section 10). */
export async function ask(
  exchange: Exchange,
  url: string,
  request: Record<string, unknown>,
  repeat: Repeat,
): Promise<CredentialAnswer> {
  const metadata = exchange.issuer.credentialIssuer as Record<string, unknown>;
  const forRequest = metadata['credential_request_encryption'] as Encryption | undefined;
  const forResponse = metadata['credential_response_encryption'] as Encryption | undefined;
  // A key for the answer must not be swapped on the way, so it is only ever sent encrypted (sections 8.2 and 9.1).
  const encrypted =
    forResponse !== undefined && (forRequest !== undefined || forResponse.encryption_required === true);
  const key = encrypted ? await generateKey() : undefined;
  const content = key
    ? { ...request, credential_response_encryption: await wanted(key, forResponse!) }
    : request;
  const body = JSON.stringify(content);
  const response = forRequest
    ? await exchange.post(url, await seal(body, forRequest), JWT_TYPE, repeat)
    : await exchange.post(url, body, JSON_TYPE, repeat);
  const text = await response.text();
  if (!response.ok) throw problemFrom(response.status, text);
  return answerIn(key ? await open(text, response, key) : text, response.status);
}

/** Section 11. The wallet does not depend on its arrival, so a failure is swallowed. */
export async function notify(
  exchange: Exchange,
  notificationId: string,
  event: 'credential_accepted' | 'credential_failure' | 'credential_deleted',
): Promise<void> {
  const url = exchange.issuer.credentialIssuer.notification_endpoint;
  if (!url) return;
  const body = JSON.stringify({ notification_id: notificationId, event });
  await exchange.post(url, body, JSON_TYPE, 'always').catch(() => undefined);
}

async function wanted(key: PrivateKey, offered: Encryption): Promise<object> {
  const enc = ENCS.find((each) => offered.enc_values_supported?.includes(each));
  if (!enc || !offered.alg_values_supported?.includes(ALG))
    throw refuse('offer-not-understood', 'The issuer encrypts in no way that the wallet knows');
  const jwk = { ...publicKeyOf(key), use: 'enc', alg: ALG, kid: await thumbprintOf(key) };
  return { jwk, enc };
}

async function seal(text: string, offered: Encryption): Promise<string> {
  const jwk = offered.jwks?.keys?.find((each) => each.alg === ALG && each.use !== 'sig');
  const enc = ENCS.find((each) => offered.enc_values_supported?.includes(each));
  if (!jwk || !enc)
    throw refuse('offer-not-understood', 'The issuer takes no encryption that the wallet knows');
  return new CompactEncrypt(utf8(text))
    .setProtectedHeader({ alg: ALG, enc, ...(jwk.kid ? { kid: jwk.kid } : {}) })
    .encrypt(await importJWK(jwk, ALG));
}

async function open(text: string, response: Response, key: PrivateKey): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith(JWT_TYPE))
    throw refuse('issuance-failed', 'The answer is not encrypted although that was agreed');
  try {
    const options = {
      keyManagementAlgorithms: [ALG],
      contentEncryptionAlgorithms: ENCS,
      maxDecompressedLength: 0,
    };
    // Compression was not asked for, so nothing is unfolded.
    const { plaintext } = await compactDecrypt(text.trim(), await importJWK({ ...key }, ALG), options);
    return textOf(plaintext);
  } catch (error) {
    throw refuse('issuance-failed', 'The answer cannot be decrypted', undefined, error);
  }
}

function answerIn(text: string, status: number): CredentialAnswer {
  const { credentials, transaction_id, interval, notification_id } = objectIn(text);
  if (typeof transaction_id === 'string' && credentials === undefined) {
    const seconds = typeof interval === 'number' && interval > 0 ? interval : INTERVAL_SECONDS;
    return { transactionId: transaction_id, intervalSeconds: seconds };
  }
  if (!Array.isArray(credentials) || credentials.length === 0)
    throw refuse('issuance-failed', 'The answer holds no credential', `status ${status}`);
  return {
    credentials: credentials.map((each) => (each as { credential?: unknown } | null)?.credential),
    notificationId: typeof notification_id === 'string' ? notification_id : undefined,
  };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw refuse('issuance-failed', 'The answer is not JSON', undefined, error);
  }
}
