// The certificate library's dependency injection wants it before anything else.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from '@peculiar/x509';
import { fromBase64 } from '../bytes.js';
import { refuse } from '../problem.js';
import { publicKeyOf, type PublicKey } from '../keys/p256.js';

/** Certificates in one `x5c`, leaf included. */
const CHAIN_LENGTH_MAX = 5;

export interface TrustedLeaf {
  key: PublicKey;
  /** Subject as RFC 4514 writes it. */
  subject: string;
  /** Common name, or organisation, or the whole subject: what to call the holder of the certificate. */
  name: string;
  /** Authority key identifiers of the chain, hex. */
  authorities: string[];
  /** Subject alternative names: DNS names, URIs. */
  dnsNames: string[];
  uris: string[];
  /** Of the subject, if it names one. */
  country: string | undefined;
  /** Whether it has subject alternative names of any kind. */
  hasAlternativeNames: boolean;
  /** Object identifiers. */
  extendedKeyUsages: string[];
  notBefore: Date;
  notAfter: Date;
}

/** Certificates whose signature the wallet believes, from a PEM file. */
export class TrustAnchors {
  private constructor(private readonly anchors: X509Certificate[]) {}

  static fromPem(pem: string): TrustAnchors {
    try {
      const anchors = PemConverter.decode(pem).map((der) => new X509Certificate(der));
      if (anchors.length > 0) return new TrustAnchors(anchors);
    } catch (error) {
      throw refuse('bad-trust-anchor', 'The trust anchor is not a PEM certificate', undefined, error);
    }
    throw refuse('bad-trust-anchor', 'The trust anchor is not a PEM certificate');
  }

  /** @param certificates DER in standard base64, as `x5c` has it */
  static fromDer(certificates: readonly string[]): TrustAnchors {
    return new TrustAnchors(certificates.map(certificateIn));
  }

  /**
   * Checks an `x5c` header (RFC 7515 section 4.1.6): each certificate signed by the next, the last by an anchor, all
   * valid at `at`, authorities allowed to sign. As HAIP 1.0 wants it, the anchor itself and a self-signed leaf are refused.
   */
  async check(x5c: readonly string[], at = new Date()): Promise<TrustedLeaf> {
    if (x5c.length === 0 || x5c.length > CHAIN_LENGTH_MAX) throw untrusted('the chain is empty or too long');
    const chain = x5c.map(certificateIn);
    for (const [position, certificate] of chain.entries()) {
      if (await certificate.isSelfSigned()) throw untrusted('a self-signed certificate is in the chain');
      if (at < certificate.notBefore || at > certificate.notAfter)
        throw untrusted('a certificate is not valid now');
      if (position > 0) checkAuthority(certificate, position - 1);
      const next = chain[position + 1];
      if (next && !(await signedBy(certificate, next))) throw untrusted('the chain is broken');
    }
    await this.checkAnchored(chain.at(-1)!, chain.length - 1, at);
    const leaf = chain[0]!;
    const usages = leaf.getExtension(KeyUsagesExtension);
    if (usages && !(usages.usages & KeyUsageFlags.digitalSignature))
      throw untrusted('the key is not for signing');
    // The root may certify TLS servers too; a gateway's key must not speak for an agency.
    const purposes = leaf.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
    if (purposes.includes(ExtendedKeyUsage.serverAuth))
      throw untrusted('the certificate is for a TLS server');
    return {
      key: await keyOf(leaf),
      subject: leaf.subject,
      name: leaf.subjectName.getField('CN')[0] ?? leaf.subjectName.getField('O')[0] ?? leaf.subject,
      authorities: chain
        .map((certificate) => certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId)
        .filter((id) => id !== undefined),
      dnsNames: alternativeNames(leaf, 'dns'),
      uris: alternativeNames(leaf, 'url'),
      country: leaf.subjectName.getField('C')[0],
      hasAlternativeNames: leaf.getExtension(SubjectAlternativeNameExtension) !== null,
      extendedKeyUsages: purposes.map(String),
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
    };
  }

  private async checkAnchored(last: X509Certificate, below: number, at: Date): Promise<void> {
    for (const anchor of this.anchors) {
      if (at < anchor.notBefore || at > anchor.notAfter) continue;
      if (await signedBy(last, anchor)) return checkAuthority(anchor, below);
    }
    throw untrusted('no trust anchor signed the chain');
  }
}

/** @param below number of authorities between this one and the leaf */
function checkAuthority(certificate: X509Certificate, below: number): void {
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  if (!constraints?.ca) throw untrusted('a certificate in the chain is not an authority');
  if (constraints.pathLength !== undefined && below > constraints.pathLength)
    throw untrusted('the chain is too long');
  const usages = certificate.getExtension(KeyUsagesExtension);
  if (usages && !(usages.usages & KeyUsageFlags.keyCertSign)) throw untrusted('an authority may not sign');
}

async function signedBy(certificate: X509Certificate, authority: X509Certificate): Promise<boolean> {
  // As text, since two tools may encode the same name as different string types (RFC 5280 section 7.1).
  if (certificate.issuer !== authority.subject) return false;
  return certificate.verify({ publicKey: authority, signatureOnly: true }).catch(() => false);
}

function alternativeNames(certificate: X509Certificate, type: 'dns' | 'url'): string[] {
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter((name) => name.type === type).map((name) => name.value);
}

/** DER of each certificate of a PEM text, as `x5c` has it. */
export function chainIn(pem: string): string[] {
  return PemConverter.decode(pem).map((der) => btoa(String.fromCharCode(...new Uint8Array(der))));
}

function certificateIn(text: string): X509Certificate {
  try {
    return new X509Certificate(fromBase64(text));
  } catch (error) {
    throw refuse('untrusted', 'Not trusted', 'the chain holds something that is no certificate', error);
  }
}

async function keyOf(certificate: X509Certificate): Promise<PublicKey> {
  try {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const jwk = await crypto.subtle.exportKey(
      'jwk',
      await certificate.publicKey.export(algorithm, ['verify']),
    );
    if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw new TypeError(`${jwk.kty} ${jwk.crv}`);
    return publicKeyOf(jwk as PublicKey);
  } catch (error) {
    throw refuse('untrusted', 'Not trusted', 'the certified key is not on P-256', error);
  }
}

function untrusted(reason: string) {
  return refuse('untrusted', 'Not trusted', reason);
}
