import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { base64url, concat, fromBase64, randomBytes, textOf, utf8 } from '../bytes.js';
import { signText, thumbprintOf, verifyText, type PrivateKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import type { TrustAnchors, TrustedLeaf } from '../trust/certificate-chain.js';

export const FORMAT = 'dc+sd-jwt';
const HASHES: Record<string, string> = { 'sha-256': 'SHA-256', 'sha-384': 'SHA-384', 'sha-512': 'SHA-512' };
const CLOCK_SKEW_SECONDS = 60;

/** Members of an SD-JWT VC that say what it is rather than something about the person. */
const REGISTERED = new Set([
  'iss',
  'iat',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'status',
  '_sd',
  '_sd_alg',
]);

export interface CheckedCredential {
  vct: string;
  /** All that the credential can disclose. */
  claims: Record<string, unknown>;
  /** Names of the claims that are disclosed only when asked for. */
  selective: string[];
  issuer: { name: string; subject: string; authorities: string[] };
  /** Unix seconds. */
  issuedAt?: number;
  expiresAt?: number;
}

/** SHA-2 by its IANA name, as SD-JWT names it in `_sd_alg`. */
export async function hashFor(data: string | ArrayBuffer, algorithm: string): Promise<Uint8Array> {
  const name = HASHES[algorithm];
  if (!name)
    throw refuse('bad-credential', 'The credential uses a hash that the wallet does not know', algorithm);
  const bytes = typeof data === 'string' ? utf8(data) : new Uint8Array(data);
  return new Uint8Array(await crypto.subtle.digest(name, concat(bytes)));
}

/** The SD-JWT library with WebCrypto beneath it; `holder` signs key bindings. */
export function sdJwtFor(holder?: PrivateKey): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hasher: hashFor,
    hashAlg: 'sha-256',
    saltGenerator: (length) => base64url(randomBytes(length)),
    ...(holder ? { kbSigner: (text: string) => signText(holder, text), kbSignAlg: 'ES256' } : {}),
  });
}

/** Everything that a credential or a presentation discloses, digests resolved. */
export async function claimsIn(credential: string): Promise<Record<string, unknown>> {
  return (await sdJwtFor().getClaims(credential)) as Record<string, unknown>;
}

/** The claims about the person alone. */
export function personalIn(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !REGISTERED.has(name)));
}

/**
 * Checks a credential as its holder (SD-JWT VC, HAIP 1.0 section 6): type, the issuer's chain and signature, times, and
 * that it is bound to `holder`.
 */
export async function checkCredential(
  credential: string,
  anchors: TrustAnchors,
  holder: PrivateKey,
): Promise<CheckedCredential> {
  const header = headerOf(credential);
  if (header['typ'] !== FORMAT || header['alg'] !== 'ES256')
    throw bad(`typ ${String(header['typ'])}, alg ${String(header['alg'])}`);
  const x5c = header['x5c'];
  if (!Array.isArray(x5c) || !x5c.every((each) => typeof each === 'string'))
    throw bad('it names no certificate chain');
  const issuer: TrustedLeaf = await anchors.check(x5c);
  const instance = new SDJwtVcInstance({
    hasher: hashFor,
    verifier: (text, signature) => verifyText(issuer.key, text, signature),
  });
  const claims = await validClaims(instance, credential);
  const bound = (claims['cnf'] as { jwk?: { kty?: unknown } } | undefined)?.jwk;
  if (!bound || (await thumbprintOf(bound)) !== (await thumbprintOf(holder)))
    throw bad('it is not bound to the key that asked');
  if (typeof claims['vct'] !== 'string') throw bad('it has no type');
  return {
    vct: claims['vct'],
    claims: personalIn(claims),
    selective: (await instance.presentableKeys(credential)).sort(),
    issuer: { name: issuer.name, subject: issuer.subject, authorities: issuer.authorities },
    ...(typeof claims['iat'] === 'number' ? { issuedAt: claims['iat'] } : {}),
    ...(typeof claims['exp'] === 'number' ? { expiresAt: claims['exp'] } : {}),
  };
}

async function validClaims(instance: SDJwtVcInstance, credential: string): Promise<Record<string, unknown>> {
  try {
    // Not `verify`: that would fetch the status list, which is the verifier's business, not the holder's.
    const { payload } = await instance.validate(credential, { skewSeconds: CLOCK_SKEW_SECONDS });
    return payload as Record<string, unknown>;
  } catch (error) {
    throw refuse(
      'bad-credential',
      'The credential does not hold',
      error instanceof Error ? error.message : undefined,
      error,
    );
  }
}

function headerOf(credential: string): Record<string, unknown> {
  try {
    return JSON.parse(textOf(fromBase64(credential.split('.')[0]!))) as Record<string, unknown>;
  } catch (error) {
    throw refuse('bad-credential', 'The credential is not an SD-JWT', undefined, error);
  }
}

function bad(reason: string) {
  return refuse('bad-credential', 'The credential does not hold', reason);
}
