import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWTPayload,
} from 'jose';
import { base64url, concat, fromBase64, hex } from '../bytes.js';

/** A P-256 public key as RFC 7517 writes it: `kty`, `crv`, `x`, `y` and nothing else. */
export interface PublicKey {
  [member: string]: unknown;
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

export interface PrivateKey extends PublicKey {
  d: string;
}

/** Order of P-256's group, SEC 2. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export async function generateKey(): Promise<PrivateKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const { x, y, d } = await exportJWK(pair.privateKey);
  return { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: d! };
}

export function publicKeyOf(key: PublicKey): PublicKey {
  return { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };
}

/** RFC 7638 thumbprint, base64url: the name of a key in the wallet. */
export async function thumbprintOf(key: { kty?: unknown }): Promise<string> {
  return calculateJwkThumbprint(key as Parameters<typeof calculateJwkThumbprint>[0], 'sha256');
}

/** ECDSA P-256 with SHA-256 over `message`; the 64 bytes r‖s. */
export async function sign(key: PrivateKey, message: Uint8Array): Promise<Uint8Array> {
  const jwk: JsonWebKey = { ...publicKeyOf(key), d: key.d };
  const signer = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ]);
  return new Uint8Array(
    await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, concat(message)),
  );
}

/**
 * Takes the smaller of `s` and `n − s`. Both verify; contracts of the OpenZeppelin family accept only the smaller.
 */
export function withLowS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${hex(signature.slice(32))}`);
  if (s <= ORDER / 2n) return signature;
  const low = (ORDER - s).toString(16).padStart(64, '0');
  return concat(
    signature.slice(0, 32),
    Uint8Array.from(low.match(/../g)!, (pair) => Number.parseInt(pair, 16)),
  );
}

export async function verify(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const verifier = await crypto.subtle.importKey('jwk', publicKeyOf(key) as JsonWebKey, algorithm, false, [
    'verify',
  ]);
  return crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    verifier,
    concat(signature),
    concat(message),
  );
}

export async function signJwt(key: PrivateKey, header: object, payload: object): Promise<string> {
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ ...header, alg: 'ES256' })
    .sign(await importJWK({ ...publicKeyOf(key), d: key.d }, 'ES256'));
}

/** Signs text and returns base64url, as SD-JWT libraries ask for it. */
export async function signText(key: PrivateKey, text: string): Promise<string> {
  return base64url(await sign(key, new TextEncoder().encode(text)));
}

export async function verifyText(key: PublicKey, text: string, signature: string): Promise<boolean> {
  return verify(key, new TextEncoder().encode(text), fromBase64(signature));
}
