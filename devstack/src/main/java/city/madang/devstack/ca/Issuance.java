package city.madang.devstack.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates (RFC 5280) signed with ECDSA and SHA-256.
 *
 * @param now time of issuance
 */
record Issuance(Instant now) {

    private static final int SERIAL_BITS = 126; // positive, and at most 20 octets (RFC 5280, 4.1.2.2)
    /** Clocks of other machines may be a little behind. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();

    X509Certificate root(String name, KeyPair pair, Duration life) throws GeneralSecurityException, IOException {
        var subject = name(name);
        var builder = builder(subject, subject, pair.getPublic(), life);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
        return sign(builder, pair.getPrivate());
    }

    X509Certificate intermediate(
            String name, PublicKey key, X509Certificate issuer, PrivateKey issuerKey, Duration life)
            throws GeneralSecurityException, IOException {
        var builder = issuedBy(issuer, name(name), key, life);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return sign(builder, issuerKey);
    }

    X509Certificate server(PublicKey key, X509Certificate issuer, PrivateKey issuerKey, Duration life)
            throws GeneralSecurityException, IOException {
        var builder = issuedBy(issuer, name("localhost"), key, life);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1")
        }));
        return sign(builder, issuerKey);
    }

    /** For a system of an agency, with which it proves itself in TLS. */
    X509Certificate client(String name, PublicKey key, X509Certificate issuer, PrivateKey issuerKey, Duration life)
            throws GeneralSecurityException, IOException {
        var builder = issuedBy(issuer, name(name), key, life);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        return sign(builder, issuerKey);
    }

    /** For a key that signs attestations of wallets and of their keys. */
    X509Certificate attester(PublicKey key, X509Certificate issuer, PrivateKey issuerKey, Duration life)
            throws GeneralSecurityException, IOException {
        var builder = issuedBy(issuer, name("Madang Development Wallet Provider"), key, life);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        return sign(builder, issuerKey);
    }

    private X509v3CertificateBuilder issuedBy(X509Certificate issuer, X500Name subject, PublicKey key, Duration life)
            throws GeneralSecurityException, IOException {
        var issuerName = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        var builder = builder(issuerName, subject, key, life);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(issuer.getPublicKey()));
        return builder;
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Duration life) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS)),
                Date.from(now.plus(life).truncatedTo(ChronoUnit.SECONDS)),
                subject,
                key);
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.C, "KR")
                .addRDN(BCStyle.O, "Madang development")
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
