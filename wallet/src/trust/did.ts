import { base64url, concat, fromBase64, utf8 } from '../bytes.js';
import type { RepeatingFetch } from '../http/retry.js';
import { publicKeyOf, type PublicKey } from '../keys/p256.js';
import { refuse } from '../problem.js';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Multicodec of a compressed P-256 key, as an unsigned varint. */
const P256_PUBLIC = new Uint8Array([0x80, 0x24]);
const DOCUMENT_LENGTH_MAX = 64 * 1024;
const METHODS_MAX = 50;

export interface DidKey {
  key: PublicKey;
  /** Certificates that the document gives for the key, if any; not checked. */
  x5c: string[] | undefined;
}

/** did:jwk of a key, with the one verification method that it has. */
export function didJwkOf(key: PublicKey): string {
  return `did:jwk:${base64url(utf8(JSON.stringify(publicKeyOf(key))))}#0`;
}

/** did:key of a P-256 key, with its verification method. */
export function didKeyOf(key: PublicKey): string {
  const odd = (fromBase64(key.y).at(-1) ?? 0) & 1;
  const compressed = concat(P256_PUBLIC, new Uint8Array([2 + odd]), fromBase64(key.x));
  const id = `z${base58(compressed)}`;
  return `did:key:${id}#${id}`;
}

/**
 * The key that a did:web document names for `didUrl` (a DID with a fragment). The document is fetched over https with the
 * given fetch, so from addresses that the wallet talks to alone; other methods prove nothing about who a verifier is.
 */
export async function didWebKey(didUrl: string, fetch: RepeatingFetch): Promise<DidKey> {
  const [did = '', fragment] = didUrl.split('#');
  if (!did.startsWith('did:web:') || !fragment) throw unresolved(`${did.slice(0, 100)} is not a did:web key`);
  const response = await fetch(
    documentUrl(did),
    { headers: { accept: 'application/did+json, application/json' } },
    'always',
  );
  const text = await response.text();
  if (!response.ok || text.length > DOCUMENT_LENGTH_MAX)
    throw unresolved(`status ${response.status}, ${text.length} characters`);
  const document = parse(text);
  if (document['id'] !== did) throw unresolved('the document is of another DID');
  const methods = Array.isArray(document['verificationMethod']) ? document['verificationMethod'] : [];
  for (const method of methods.slice(0, METHODS_MAX) as Record<string, unknown>[]) {
    if (method['id'] !== didUrl && method['id'] !== `#${fragment}`) continue;
    const jwk = method['publicKeyJwk'] as PublicKey | undefined;
    if (jwk?.kty !== 'EC' || jwk.crv !== 'P-256') throw unresolved('the key is not on P-256');
    const { x5c } = jwk;
    return { key: publicKeyOf(jwk), x5c: Array.isArray(x5c) ? x5c.map(String) : undefined };
  }
  throw unresolved('the document does not have the key');
}

/** did:web method specification, section 2.5.2. */
function documentUrl(did: string): string {
  const [host = '', ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const url = new URL(`https://${host}`);
  if (
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    url.username ||
    path.some((part) => /[/\\?#]|^\.*$/.test(part))
  )
    throw unresolved('the DID is malformed');
  url.pathname =
    path.length === 0 ? '/.well-known/did.json' : `/${path.map(encodeURIComponent).join('/')}/did.json`;
  return url.href;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw refuse('untrusted', 'Not trusted', 'the DID document is not JSON', error);
  }
}

function base58(bytes: Uint8Array): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = '';
  for (; number > 0n; number /= 58n) text = BASE58[Number(number % 58n)] + text;
  return text;
}

function unresolved(reason: string) {
  return refuse('untrusted', 'Not trusted', reason);
}
