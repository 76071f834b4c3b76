import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { base64url, concat, fromBase64, randomBytes, textOf, utf8 } from '../bytes.js';
import { isUnder, originOf } from '../http/origin.js';
import { signText, thumbprintOf, verifyText, type PrivateKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import type { TrustedLeaf } from '../trust/certificate-chain.js';
import { badCredential, statusIn, type CheckedCopy, type Expected } from './checked.js';
import { SD_JWT_VC } from './formats.js';

/** Longest SD-JWT that is read, in characters. */
const LENGTH_MAX = 1024 * 1024;
const DISCLOSURES_MAX = 500;
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

/** Checks an SD-JWT VC as its holder (HAIP 1.0 section 6): type, the issuer's chain and signature, times, and the key. */
export async function checkSdJwtVc(credential: string, expected: Expected): Promise<CheckedCopy> {
  if (credential.length > LENGTH_MAX || credential.split('~').length > DISCLOSURES_MAX)
    throw badCredential('it is too long');
  const header = headerOf(credential);
  if (header['typ'] !== SD_JWT_VC || header['alg'] !== 'ES256')
    throw badCredential(`typ ${String(header['typ'])}, alg ${String(header['alg'])}`);
  const x5c = header['x5c'];
  if (!Array.isArray(x5c) || !x5c.every((each) => typeof each === 'string'))
    throw badCredential('it names no certificate chain');
  const issuer: TrustedLeaf = await expected.anchors.check(x5c);
  const instance = new SDJwtVcInstance({
    hasher: hashFor,
    verifier: (text, signature) => verifyText(issuer.key, text, signature),
  });
  const claims = await validClaims(instance, credential);
  if (claims['vct'] !== expected.type)
    throw badCredential(`it is a ${String(claims['vct'])}, not a ${expected.type}`);
  if (claims['iss'] !== undefined) checkIssuer(claims['iss'], expected.issuer, issuer);
  const bound = (claims['cnf'] as { jwk?: { kty?: unknown } } | undefined)?.jwk;
  if (!bound) throw badCredential('it is bound to no key');
  const status = statusIn(claims['status']);
  const integrity = claims['vct#integrity'];
  return {
    format: SD_JWT_VC,
    vct: expected.type,
    claims: personalIn(claims),
    selective: (await instance.presentableKeys(credential)).sort(),
    issuer: { name: issuer.name, subject: issuer.subject, authorities: issuer.authorities },
    ...(typeof claims['iat'] === 'number' ? { issuedAt: claims['iat'] } : {}),
    ...(typeof claims['exp'] === 'number' ? { expiresAt: claims['exp'] } : {}),
    key: await thumbprintOf(bound),
    ...(status ? { status } : {}),
    ...(typeof integrity === 'string' ? { integrity } : {}),
  };
}

/** `iss` names who issued: the credential issuer that was asked, or a name that its certificate holds. */
function checkIssuer(iss: unknown, asked: string, { uris, dnsNames }: TrustedLeaf): void {
  const named = String(iss);
  const certified = uris.includes(named) || dnsNames.some((name) => originOf(named) === `https://${name}`);
  if (named !== asked && !certified && !isUnder(originOf(asked), named))
    throw badCredential(`it names ${named.slice(0, 200)} as its issuer`);
}

async function validClaims(instance: SDJwtVcInstance, credential: string): Promise<Record<string, unknown>> {
  try {
    // Not `verify`: that would fetch the status list; the wallet looks at it when the person does.
    const { payload } = await instance.validate(credential, { skewSeconds: CLOCK_SKEW_SECONDS });
    return payload as Record<string, unknown>;
  } catch (error) {
    throw badCredential(error instanceof Error ? error.message : 'it cannot be read', error);
  }
}

function headerOf(credential: string): Record<string, unknown> {
  try {
    return JSON.parse(textOf(fromBase64(credential.split('.')[0]!))) as Record<string, unknown>;
  } catch (error) {
    throw refuse('bad-credential', 'The credential is not an SD-JWT', undefined, error);
  }
}
