import {
  cborDecode,
  cborEncode,
  CoseKey,
  DataItem,
  DateOnly,
  DeviceKey,
  DeviceResponse,
  Issuer,
  IssuerSigned,
  SessionTranscript,
  SignatureAlgorithm,
  Verifier,
  type MdocContext,
} from '@owf/mdoc';
import { X509Certificate } from '@peculiar/x509';
import {
  createHash,
  createSign,
  createVerify,
  createPrivateKey,
  createPublicKey,
  randomBytes,
} from 'node:crypto';
import type { PrivateKey, PublicKey } from '../src/keys/p256.js';
import type { City } from './city.js';
import type { Entity } from './pki.js';

export const DOCTYPE = 'city.madang.permit.1';
export const NAMESPACE = 'city.madang.permit';
export const PERMIT = { plate: '12가3456', zone: '중구', valid_until: new DateOnly('2027-05-02'), level: 3 };

/** The library's other side, with Node's cryptography instead of the wallet's. */
const CONTEXT = {
  crypto: {
    random: (length: number) => Uint8Array.from(randomBytes(length)),
    digest: ({ bytes }: { bytes: Uint8Array }) =>
      Uint8Array.from(createHash('sha256').update(bytes).digest()),
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }: { toBeSigned: Uint8Array; key: CoseKey }) => {
        const privateKey = createPrivateKey({ key: key.jwk as never, format: 'jwk' });
        return Uint8Array.from(
          createSign('sha256').update(toBeSigned).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }),
        );
      },
      verify: ({ sign1, key }: { sign1: { toBeSigned: Uint8Array; signature: Uint8Array }; key: CoseKey }) =>
        createVerify('sha256')
          .update(sign1.toBeSigned)
          .verify(
            { key: createPublicKey({ key: key.jwk as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
            sign1.signature,
          ),
    },
  },
  x509: {
    getIssuerNameField: () => ['KR'],
    getPublicKey: async ({ certificate }: { certificate: Uint8Array }) => {
      const key = await new X509Certificate(Buffer.from(certificate)).publicKey.export();
      return CoseKey.fromJwk((await crypto.subtle.exportKey('jwk', key)) as Record<string, unknown>);
    },
    getCertificateData: ({ certificate }: { certificate: Uint8Array }) => {
      const { notBefore, notAfter } = new X509Certificate(Buffer.from(certificate));
      return { notBefore, notAfter, issuerName: 'KR' };
    },
  },
} as unknown as MdocContext;

export interface MdocChanges {
  issuer?: Entity;
  x5c?: string[];
  doctype?: string;
  status?: { uri: string; idx: number };
  /** Changes the signed document before it is encoded. */
  tamper?: (raw: Map<string, unknown>) => void;
  validUntil?: Date;
}

/** Signs a permit; base64url of an `IssuerSigned`. */
export async function issuePermit(city: City, holder: PublicKey, changes: MdocChanges = {}): Promise<string> {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const chain = (changes.x5c ?? city.pki.x5c).map((der) => Uint8Array.from(Buffer.from(der, 'base64')));
  const issuer = new Issuer(changes.doctype ?? DOCTYPE, CONTEXT).addIssuerNamespace(NAMESPACE, PERMIT);
  const signed = await issuer.sign({
    signingKey: { ...(changes.issuer ?? city.pki.agency).key, alg: 'ES256' },
    certificates: chain,
    algorithm: SignatureAlgorithm.ES256,
    digestAlgorithm: 'SHA-256',
    deviceKeyInfo: {
      deviceKey: DeviceKey.fromJwk({ kty: 'EC', crv: 'P-256', x: holder.x, y: holder.y }) as DeviceKey,
    },
    validityInfo: {
      signed: now,
      validFrom: now,
      validUntil: changes.validUntil ?? new Date(now.getTime() + 3_600_000),
    },
  });
  if (!changes.tamper && !changes.status) return signed.encodedForOid4Vci;
  const raw = cborDecode<Map<string, unknown>>(signed.encode());
  if (changes.status) await withStatus(raw, changes.status, (changes.issuer ?? city.pki.agency).key);
  changes.tamper?.(raw);
  return Buffer.from(cborEncode(raw)).toString('base64url');
}

/** Puts a status into the security object, which the library leaves out, and signs it again. */
async function withStatus(raw: Map<string, unknown>, status: object, key: PrivateKey): Promise<void> {
  const auth = raw.get('issuerAuth') as [Uint8Array, Map<number, unknown>, Uint8Array, Uint8Array];
  const mso = cborDecode<Map<string, unknown>>(auth[2]);
  mso.set('status', new Map([['status_list', new Map(Object.entries(status))]]));
  auth[2] = cborEncode(DataItem.fromData(mso));
  const toBeSigned = cborEncode(['Signature1', auth[0], new Uint8Array(), auth[2]]);
  auth[3] = await CONTEXT.cose.sign1.sign({ toBeSigned, key: CoseKey.fromJwk({ ...key }) });
}

/** Checks a device response as a verifier does, and gives what it shows. */
export async function readDeviceResponse(
  text: string,
  handover: { clientId: string; nonce: string; responseUri: string; jwkThumbprint?: Uint8Array },
): Promise<{ doctype: string; elements: Record<string, unknown> }> {
  const deviceResponse = DeviceResponse.decode(Uint8Array.from(Buffer.from(text, 'base64url')));
  const sessionTranscript = await SessionTranscript.forOid4Vp(handover as never, CONTEXT);
  await Verifier.verifyDeviceResponse(
    { deviceResponse, sessionTranscript, disableCertificateChainValidation: true } as never,
    CONTEXT,
  );
  const [document] = deviceResponse.documents!;
  const signed: IssuerSigned = document!.issuerSigned;
  return { doctype: document!.docType, elements: signed.getPrettyClaims(NAMESPACE) ?? {} };
}
