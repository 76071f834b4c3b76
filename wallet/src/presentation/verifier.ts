import { decodeJwt, decodeProtectedHeader } from 'jose';
import { base64url, fromBase64, sha256 } from '../bytes.js';
import type { RepeatingFetch } from '../http/retry.js';
import { thumbprintOf, verifyText, type PublicKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { didWebKey } from '../trust/did.js';
import { CLIENT_ID_PREFIXES } from './capabilities.js';

const TYPE = 'oauth-authz-req+jwt';

/** Who signed a request. */
export interface Verifier {
  /** Certified name, or the DID. */
  name: string;
  /** Subject of the certificate, or the DID. */
  subject: string;
  /** True when a trust anchor's chain names the verifier; a DID alone only proves control of its address. */
  certified: boolean;
}

interface Signer extends Verifier {
  key: PublicKey;
}

/**
 * Checks the signature of a request object (OpenID4VP 1.0 section 5.10.2) by the key that its client id stands for, and
 * that it is the client id that the wallet was given.
 */
export async function verifyRequestObject(
  jwt: string,
  clientId: string,
  { anchors, fetch }: { anchors: TrustAnchors; fetch: RepeatingFetch },
): Promise<{ payload: Record<string, unknown>; verifier: Verifier }> {
  const { header, payload } = read(jwt);
  if (header['typ'] !== TYPE || header['alg'] !== 'ES256')
    throw badRequest(`typ ${String(header['typ'])}, alg ${String(header['alg'])}`);
  if (payload['client_id'] !== clientId) throw badRequest('its client_id is another than the one given');
  const at = clientId.indexOf(':');
  const prefix = clientId.slice(0, Math.max(at, 0));
  const identifier = clientId.slice(at + 1);
  const { key, ...verifier } =
    prefix === 'decentralized_identifier'
      ? await byDid(header['kid'], identifier, fetch, anchors)
      : await byCertificate(header['x5c'], prefix, identifier, payload['response_uri'], anchors);
  const [first, second, signature = ''] = jwt.split('.');
  if (!(await verifyText(key, `${first}.${second}`, signature))) throw badRequest('its signature is wrong');
  return { payload, verifier };
}

/** Section 5.9.3, `x509_hash` and `x509_san_dns`. */
async function byCertificate(
  x5c: unknown,
  prefix: string,
  identifier: string,
  responseUri: unknown,
  anchors: TrustAnchors,
): Promise<Signer> {
  if (!CLIENT_ID_PREFIXES.includes(prefix))
    throw badRequest(`client id of kind ${prefix.slice(0, 40) || 'none'}`);
  if (!Array.isArray(x5c) || !x5c.every((each) => typeof each === 'string'))
    throw badRequest('it is not signed by a certificate that its client id names');
  const { key, name, subject, dnsNames } = await anchors.check(x5c);
  if (prefix === 'x509_hash') {
    if (base64url(await sha256(fromBase64(x5c[0]!))) !== identifier)
      throw badRequest('its client id is the hash of another certificate');
  } else {
    if (!dnsNames.includes(identifier)) throw badRequest('its client id is not a name in its certificate');
    // The name speaks for its own host alone.
    if (hostOf(responseUri) !== identifier)
      throw badRequest('the answer would go to another host than its client id');
  }
  return { key, name, subject, certified: true };
}

/** Section 5.9.3, `decentralized_identifier`. */
async function byDid(
  kid: unknown,
  did: string,
  fetch: RepeatingFetch,
  anchors: TrustAnchors,
): Promise<Signer> {
  if (typeof kid !== 'string' || kid.split('#')[0] !== did) throw badRequest('its key is of another DID');
  const { key, x5c } = await didWebKey(kid, fetch);
  // The document may give a chain for its key; one that does not hold vouches for nobody.
  const leaf = x5c && (await anchors.check(x5c).catch(() => undefined));
  if (!leaf || (await thumbprintOf(leaf.key)) !== (await thumbprintOf(key)))
    return { key, name: did, subject: did, certified: false };
  return { key, name: leaf.name, subject: leaf.subject, certified: true };
}

function hostOf(url: unknown): string {
  try {
    return new URL(String(url)).hostname;
  } catch {
    return '';
  }
}

function read(jwt: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  try {
    return { header: { ...decodeProtectedHeader(jwt) }, payload: decodeJwt(jwt) };
  } catch (error) {
    throw refuse('bad-request-object', 'The request is not one to answer', 'it is not a JWT', error);
  }
}

export function badRequest(reason: string) {
  return refuse('bad-request-object', 'The request is not one to answer', reason);
}
