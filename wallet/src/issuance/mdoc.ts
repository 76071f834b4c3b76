import { thumbprintOf } from '../keys/p256.js';
import { checkSigned, chainOf, namespacesOf, plain, readIssuerSigned } from '../mdoc/issuer-signed.js';
import { badCredential, statusIn, type CheckedCopy, type Expected } from './checked.js';
import { MDOC } from './formats.js';
import type { TrustedLeaf } from '../trust/certificate-chain.js';
import { documentSigner } from '../trust/iacas.js';

const CLOCK_SKEW_MS = 60_000;

/** Below the city's IACA; or below the wallet's own anchors, as cities without an IACA have it. */
async function signerOf(chain: string[], { anchors, iacas }: Expected): Promise<TrustedLeaf> {
  try {
    return await anchors.check(chain);
  } catch (unknown) {
    const roots = await iacas();
    if (!roots) throw unknown;
    return documentSigner(roots, chain);
  }
}

/**
 * Checks an mdoc as its holder (ISO/IEC 18013-5 section 9.3.1): the issuer's chain and signature, all digests, type,
 * times, and the device key.
 */
export async function checkMdoc(credential: string, expected: Expected): Promise<CheckedCopy> {
  const { type } = expected;
  const parts = readIssuerSigned(credential);
  const issuer = await signerOf(chainOf(parts.auth), expected);
  await checkSigned(parts, issuer.key);
  const mso = parts.auth.mobileSecurityObject;
  if (mso.docType !== type) throw badCredential(`it is a ${mso.docType}, not a ${type}`);
  const { signed, validFrom, validUntil } = mso.validityInfo;
  const now = Date.now();
  if (signed < issuer.notBefore || signed > issuer.notAfter)
    throw badCredential("it was signed outside the life of the issuer's certificate");
  if (validFrom.getTime() > now + CLOCK_SKEW_MS || validUntil.getTime() < now - CLOCK_SKEW_MS)
    throw badCredential('it is not valid now');
  const status = statusIn(plain((mso.decodedStructure as unknown as Map<string, unknown>).get('status')));
  return {
    format: MDOC,
    doctype: mso.docType,
    claims: namespacesOf(parts.elements),
    selective: parts.elements.map(({ name }) => name).sort(),
    issuer: { name: issuer.name, subject: issuer.subject, authorities: issuer.authorities },
    issuedAt: Math.floor(signed.getTime() / 1000),
    expiresAt: Math.floor(validUntil.getTime() / 1000),
    key: await thumbprintOf(mso.deviceKeyInfo.deviceKey.jwk as { kty?: unknown }),
    ...(status ? { status } : {}),
  };
}
