import {
  cborEncode,
  CoseKey,
  DeviceAuth,
  DeviceAuthentication,
  DeviceNamespaces,
  DeviceSignature,
  DeviceSigned,
  Header,
  SessionTranscript,
  SignatureAlgorithm,
  type DataItem,
} from '@owf/mdoc';
import { base64url } from '../bytes.js';
import type { PrivateKey } from '../keys/p256.js';
import { MDOC_CONTEXT } from './context.js';
import { readIssuerSigned } from './issuer-signed.js';

/** What ties a device response to one request, OpenID4VP 1.0 appendix B.2.6.1. */
export interface Handover {
  clientId: string;
  nonce: string;
  /** SHA-256 thumbprint (RFC 7638) of the key that the response is encrypted to; absent when it is not. */
  jwkThumbprint: Uint8Array | undefined;
  responseUri: string;
}

/**
 * A `DeviceResponse` with one document: the chosen elements alone, byte for byte as the issuer signed them, and the
 * device's signature over the OpenID4VP session transcript (ISO/IEC 18013-5 section 9.1.3).
 *
 * @param wanted pairs of namespace and element
 */
export async function deviceResponse(
  mdoc: string,
  wanted: readonly (readonly [string, string])[],
  device: PrivateKey,
  handover: Handover,
): Promise<string> {
  const { elements, auth, authParts } = readIssuerSigned(mdoc);
  const { docType } = auth.mobileSecurityObject;
  const shown = new Map<string, DataItem[]>();
  for (const { namespace, name, item } of elements)
    if (wanted.some((pair) => pair[0] === namespace && pair[1] === name))
      shown.set(namespace, [...(shown.get(namespace) ?? []), item]);
  // Absent rather than empty, as the standard writes it.
  const issuerSigned = new Map<string, unknown>(shown.size > 0 ? [['nameSpaces', shown]] : []);
  issuerSigned.set('issuerAuth', authParts);
  const deviceSigned = await signedByDevice(docType, device, handover);
  const document = new Map<string, unknown>([
    ['docType', docType],
    ['issuerSigned', issuerSigned],
    ['deviceSigned', deviceSigned.encodedStructure],
  ]);
  const response = new Map<string, unknown>([
    ['version', '1.0'],
    ['documents', [document]],
    ['status', 0],
  ]);
  return base64url(cborEncode(response));
}

async function signedByDevice(
  docType: string,
  device: PrivateKey,
  handover: Handover,
): Promise<DeviceSigned> {
  const { jwkThumbprint, ...rest } = handover;
  const sessionTranscript = await SessionTranscript.forOid4Vp(
    { ...rest, ...(jwkThumbprint ? { jwkThumbprint } : {}) } as Parameters<
      typeof SessionTranscript.forOid4Vp
    >[0],
    MDOC_CONTEXT,
  );
  const deviceNamespaces = DeviceNamespaces.create({ deviceNamespaces: new Map() });
  const authentication = DeviceAuthentication.create({ sessionTranscript, docType, deviceNamespaces });
  const deviceSignature = await DeviceSignature.create(
    {
      protectedHeaders: new Map<number, unknown>([[Header.Algorithm, SignatureAlgorithm.ES256]]),
      detachedPayload: authentication.encode({ asDataItem: true }),
      signingKey: CoseKey.fromJwk({ ...device }),
      algorithm: SignatureAlgorithm.ES256,
    },
    MDOC_CONTEXT as never,
  );
  return DeviceSigned.create({ deviceNamespaces, deviceAuth: DeviceAuth.create({ deviceSignature }) });
}
