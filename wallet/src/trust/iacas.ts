import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { RepeatingFetch } from '../http/retry.js';
import { verifyText } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { TrustAnchors, type TrustedLeaf } from './certificate-chain.js';

/** `id-mdl-kp-mdlDS` (ISO/IEC 18013-5 table B.3). */
const DOCUMENT_SIGNER = '1.0.18013.5.1.2';
/** The service of a city's trust list (ETSI TS 119 602) under which its IACAs stand. */
const IACA = 'urn:madang:trust-list:service:iaca';
const IACAS_MAX = 10;

interface Service {
  ServiceInformation?: {
    ServiceTypeIdentifier?: unknown;
    ServiceDigitalIdentity?: { X509Certificates?: { val?: unknown }[] };
  };
}

interface List {
  LoTE?: {
    ListAndSchemeInformation?: { NextUpdate?: string };
    TrustedEntitiesList?: { TrustedEntityServices?: Service[] }[];
  };
}

/**
 * The roots of a city's document signers: they are not below the root that the wallet trusts, but the city's trust list names
 * them, and is signed below it.
 *
 * @param issuer whose trust list is asked for
 * @returns nothing if the issuer has no such list, or none in it
 */
export async function iacasOf(
  issuer: string,
  { fetch, anchors }: { fetch: RepeatingFetch; anchors: TrustAnchors },
): Promise<TrustAnchors | undefined> {
  const response = await fetch(`${issuer}/trust-list`, { headers: { accept: 'application/jwt' } }, 'always');
  if (!response.ok) return undefined;
  const list = await read((await response.text()).trim(), anchors);
  const certificates = (list.LoTE?.TrustedEntitiesList ?? [])
    .flatMap((entity) => entity.TrustedEntityServices ?? [])
    .filter((service) => service.ServiceInformation?.ServiceTypeIdentifier === IACA)
    .flatMap((service) => service.ServiceInformation?.ServiceDigitalIdentity?.X509Certificates ?? [])
    .map(({ val }) => String(val))
    .slice(0, IACAS_MAX);
  return certificates.length === 0 ? undefined : TrustAnchors.fromDer(certificates);
}

/** The list, if the city's key for it has signed it and it still holds. */
async function read(jws: string, anchors: TrustAnchors): Promise<List> {
  const { typ, alg, x5c } = headerOf(jws);
  if (typ !== 'trustlist+jwt' || alg !== 'ES256' || !Array.isArray(x5c))
    throw untrusted('it is no trust list');
  const signer = await anchors.check(x5c);
  // ETSI TS 119 602 section 6.8 wants the country. Of the city's certificates only those of agencies' issuers name it besides;
  // they, as those of verifiers, have alternative names.
  if (!signer.country || signer.hasAlternativeNames || signer.extendedKeyUsages.length > 0)
    throw untrusted('the key that signed the trust list is not for that');
  const [header, payload, signature] = jws.split('.');
  if (!(await verifyText(signer.key, `${header}.${payload}`, signature ?? '')))
    throw untrusted("the trust list's signature is wrong");
  const list = decodeJwt(jws) as List;
  const nextUpdate = Date.parse(list.LoTE?.ListAndSchemeInformation?.NextUpdate ?? '');
  if (!(nextUpdate > Date.now())) throw untrusted('the trust list is past its time');
  return list;
}

function headerOf(jws: string) {
  try {
    return decodeProtectedHeader(jws);
  } catch (error) {
    throw refuse('untrusted', 'Not trusted', 'it is no trust list', error);
  }
}

/** The leaf of an mdoc's `x5chain` below an IACA: a document signer, and nothing between (ISO/IEC 18013-5 table B.3). */
export async function documentSigner(iacas: TrustAnchors, x5chain: readonly string[]): Promise<TrustedLeaf> {
  if (x5chain.length !== 1) throw untrusted('a document signer comes directly from the IACA');
  const leaf = await iacas.check(x5chain);
  if (!leaf.extendedKeyUsages.includes(DOCUMENT_SIGNER))
    throw untrusted('the certificate is not for signing documents');
  return leaf;
}

function untrusted(reason: string) {
  return refuse('untrusted', 'Not trusted', reason);
}
