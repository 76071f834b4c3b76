package city.madang.records.sealing;

import city.madang.records.agencies.Seal;
import city.madang.records.agencies.SealSigner;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A city's CA with one agency's seal, all keys at hand. */
public final class TestSeal {

    public final X509Certificate root;
    public final KeyPair rootKey;
    public final KeyPair sealKey = key();
    public final Seal seal;

    public TestSeal(String agency, String ko, String en) {
        rootKey = key();
        root = certificate(
                "CN=Test City Root,O=Test City,C=KR",
                rootKey,
                "CN=Test City Root,O=Test City,C=KR",
                rootKey,
                null,
                true);
        X509Certificate leaf = certificate(
                "CN=" + en + ",O=" + agency + ",C=KR",
                sealKey,
                "CN=Test City Root,O=Test City,C=KR",
                rootKey,
                null,
                false);
        seal = new Seal(agency, ko, en, "test", List.of(leaf));
    }

    private TestSeal(TestSeal city, boolean seal) {
        this.rootKey = city.rootKey;
        this.root = city.root;
        X509Certificate leaf = certificate(
                "CN=Other,O=Other,C=KR", sealKey, "CN=Test City Root,O=Test City,C=KR", rootKey, null, false, seal);
        this.seal = new Seal(city.seal.agency(), city.seal.nameKo(), city.seal.nameEn(), "test", List.of(leaf));
    }

    /** Another key of the same CA, for sealing or for other things. */
    public TestSeal withUsage(boolean seal) {
        return new TestSeal(this, seal);
    }

    public SealSigner signer() {
        return (agency, message) -> {
            try {
                Signature signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(sealKey.getPrivate());
                signature.update(message);
                return signature.sign();
            } catch (java.security.GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        };
    }

    public Path rootPem(Path folder) throws Exception {
        return Files.writeString(
                folder.resolve("root.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(root.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    public static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @param purpose extended key usage, or null */
    public static X509Certificate certificate(
            String subject, KeyPair key, String issuer, KeyPair issuerKey, KeyPurposeId purpose, boolean ca) {
        return certificate(subject, key, issuer, issuerKey, purpose, ca, true);
    }

    private static X509Certificate certificate(
            String subject,
            KeyPair key,
            String issuer,
            KeyPair issuerKey,
            KeyPurposeId purpose,
            boolean ca,
            boolean binding) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal(issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(Instant.now().minusSeconds(3600)),
                    Date.from(Instant.now().plus(Duration.ofDays(300))),
                    new X500Principal(subject),
                    key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            ca
                                    ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                                    : KeyUsage.digitalSignature | (binding ? KeyUsage.nonRepudiation : 0)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
