import { compactDecrypt, importJWK } from 'jose';
import { textOf } from '../bytes.js';
import type { RepeatingFetch } from '../http/retry.js';
import { generateKey, publicKeyOf, thumbprintOf, type PrivateKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { ENCRYPTION_ALG, ENCRYPTION_ENCS, WALLET_METADATA } from './capabilities.js';
import { badRequest } from './verifier.js';

const LENGTH_MAX = 256 * 1024;
const TYPE = 'application/oauth-authz-req+jwt';

/**
 * Fetches a request object (OpenID4VP 1.0 section 5.10): by GET, or by POST with `wallet_nonce` and what the wallet can do. One
 * by POST may come encrypted to a key that lives for this request.
 */
export async function fetchRequestObject(
  fetch: RepeatingFetch,
  requestUri: string,
  walletNonce: string | undefined,
): Promise<string> {
  if (walletNonce === undefined) return read(fetch, requestUri, { headers: { accept: TYPE } });
  const key = await generateKey();
  const jwk = { ...publicKeyOf(key), use: 'enc', alg: ENCRYPTION_ALG, kid: await thumbprintOf(key) };
  const metadata = { ...WALLET_METADATA, jwks: { keys: [jwk] } };
  const form = { wallet_metadata: JSON.stringify(metadata), wallet_nonce: walletNonce };
  const text = await read(fetch, requestUri, {
    method: 'POST',
    headers: { accept: TYPE, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return text.split('.').length === 5 ? open(text, key) : text;
}

async function read(fetch: RepeatingFetch, requestUri: string, init: RequestInit): Promise<string> {
  const response = await fetch(requestUri, init, 'always');
  const text = await response.text();
  if (!response.ok) throw badRequest(`it cannot be fetched (status ${response.status})`);
  if (text.length > LENGTH_MAX) throw badRequest('it is too long');
  if (!response.headers.get('content-type')?.startsWith(TYPE))
    throw badRequest('it is of another media type');
  return text.trim();
}

async function open(jwe: string, key: PrivateKey): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(jwe, await importJWK({ ...key }, ENCRYPTION_ALG), {
      keyManagementAlgorithms: [ENCRYPTION_ALG],
      contentEncryptionAlgorithms: ENCRYPTION_ENCS,
      maxDecompressedLength: 0,
    });
    return textOf(plaintext);
  } catch (error) {
    throw refuse('bad-request-object', 'The request is not one to answer', 'it cannot be decrypted', error);
  }
}
