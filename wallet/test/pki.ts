import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
  type JsonGeneralName,
} from '@peculiar/x509';
import type { PrivateKey } from '../src/keys/p256.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

export interface Entity {
  certificate: X509Certificate;
  keys: CryptoKeyPair;
  /** Standard base64 of the DER, as `x5c` has it. */
  der: string;
  key: PrivateKey;
}

interface Wanted {
  name: string;
  authority?: boolean;
  by?: Entity;
  alternativeNames?: JsonGeneralName[];
  /** For a TLS server. */
  tls?: boolean;
  /** Of the subject. */
  country?: string;
  /** Extended key usages, critical. */
  uses?: string[];
  notAfter?: Date;
}

/** Makes a certificate, signed by `by` or by itself. */
export async function certify({
  name,
  authority = false,
  by,
  alternativeNames,
  tls = false,
  country,
  uses,
  notAfter,
}: Wanted): Promise<Entity> {
  const keys = (await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
  const subject = country ? `C=${country}, CN=${name}` : `CN=${name}`;
  const usage = authority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature;
  const extensions: Extension[] = [
    new BasicConstraintsExtension(authority, undefined, true),
    new KeyUsagesExtension(usage, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  if (by) extensions.push(await AuthorityKeyIdentifierExtension.create(by.keys.publicKey));
  if (alternativeNames) extensions.push(new SubjectAlternativeNameExtension(alternativeNames));
  if (uses) extensions.push(new ExtendedKeyUsageExtension(uses, true));
  if (tls) extensions.push(new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]));
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: by ? by.certificate.subject : subject,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + DAY_MS),
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  });
  const key = (await crypto.subtle.exportKey('jwk', keys.privateKey)) as unknown as PrivateKey;
  return { certificate, keys, der: Buffer.from(certificate.rawData).toString('base64'), key };
}

export interface Pki {
  root: Entity;
  intermediate: Entity;
  agency: Entity;
  tls: Entity;
  /** Under a root of its own, as wallet providers are. */
  walletProvider: Entity;
  /** `x5c` of the agency: leaf and intermediate, without the root. */
  x5c: string[];
}

export async function makePki(): Promise<Pki> {
  const root = await certify({ name: 'Test City Root', authority: true });
  const intermediate = await certify({ name: 'Test City Agencies', authority: true, by: root });
  const agency = await certify({ name: 'city-hall', by: intermediate });
  const tls = await certify({
    name: 'localhost',
    by: root,
    alternativeNames: [{ type: 'dns', value: 'localhost' }],
    tls: true,
  });
  const providers = await certify({ name: 'Test Wallet Providers', authority: true });
  const walletProvider = await certify({ name: 'Test Wallet Provider', by: providers });
  return { root, intermediate, agency, tls, walletProvider, x5c: [agency.der, intermediate.der] };
}

/** PKCS#8 PEM of an entity's key. */
export async function keyPem(entity: Entity): Promise<string> {
  const der = await crypto.subtle.exportKey('pkcs8', entity.keys.privateKey);
  return `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----\n`;
}
