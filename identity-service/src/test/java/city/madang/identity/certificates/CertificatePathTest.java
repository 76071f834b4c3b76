package city.madang.identity.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Chains, at the edges of their time and of what a certificate may do. */
class CertificatePathTest {

    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    private final KeyPair caKey = pair("secp256r1");
    private final X509Certificate ca =
            certificate("CN=CA", caKey, "CN=CA", caKey, -1000, 1000, true, KeyUsage.keyCertSign);
    private final Set<X509Certificate> anchors = Set.of(ca);

    private static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    private static X509Certificate certificate(
            String issuer,
            KeyPair signer,
            String subject,
            KeyPair key,
            int fromDays,
            int toDays,
            boolean isCa,
            int usage) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            new X500Name(issuer),
                            BigInteger.TEN,
                            Date.from(NOW.plus(Duration.ofDays(fromDays))),
                            Date.from(NOW.plus(Duration.ofDays(toDays))),
                            new X500Name(subject),
                            key.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private X509Certificate leaf(int fromDays, int toDays) {
        return certificate(
                "CN=CA", caKey, "CN=Leaf", pair("secp256r1"), fromDays, toDays, false, KeyUsage.digitalSignature);
    }

    private X509Certificate leafOf(List<X509Certificate> chain) throws Malformed {
        return CertificatePath.check(chain, anchors, CertificatePath.KeyUsage.OPEN, NOW)
                .getFirst();
    }

    private void refused(List<X509Certificate> chain) {
        assertThrows(Malformed.class, () -> leafOf(chain));
    }

    @Test
    void a_chain_to_an_anchor_is_good() throws Exception {
        X509Certificate leaf = leaf(-1, 1);
        assertEquals(leaf, leafOf(List.of(leaf)));
        KeyPair middleKey = pair("secp256r1");
        X509Certificate middle = certificate("CN=CA", caKey, "CN=Middle", middleKey, -1, 1, true, KeyUsage.keyCertSign);
        X509Certificate below = certificate(
                "CN=Middle", middleKey, "CN=Below", pair("secp256r1"), -1, 1, false, KeyUsage.digitalSignature);
        assertEquals(below, leafOf(List.of(below, middle)));
        refused(List.of(below));
    }

    @Test
    void an_expired_or_future_chain_is_not() {
        refused(List.of(leaf(-2, -1)));
        refused(List.of(leaf(1, 2)));
        KeyPair middleKey = pair("secp256r1");
        X509Certificate middle =
                certificate("CN=CA", caKey, "CN=Middle", middleKey, -2, -1, true, KeyUsage.keyCertSign);
        X509Certificate below = certificate(
                "CN=Middle", middleKey, "CN=Below", pair("secp256r1"), -1, 1, false, KeyUsage.digitalSignature);
        refused(List.of(below, middle));
    }

    @Test
    void a_certificate_that_may_not_sign_attestations_is_refused() {
        refused(List.of(ca));
        KeyPair key = pair("secp256r1");
        refused(List.of(certificate("CN=CA", caKey, "CN=Other CA", key, -1, 1, true, KeyUsage.keyCertSign)));
        refused(List.of(certificate("CN=CA", caKey, "CN=Leaf", key, -1, 1, false, KeyUsage.keyAgreement)));
        refused(List.of(
                certificate("CN=CA", caKey, "CN=Leaf", pair("secp384r1"), -1, 1, false, KeyUsage.digitalSignature)));
        // a leaf is no CA, whatever it signs
        X509Certificate leaf = certificate("CN=CA", caKey, "CN=Leaf", key, -1, 1, false, KeyUsage.digitalSignature);
        X509Certificate below =
                certificate("CN=Leaf", key, "CN=Below", pair("secp256r1"), -1, 1, false, KeyUsage.digitalSignature);
        refused(List.of(below, leaf));
    }

    @Test
    void without_anchors_nobody_is_trusted() {
        assertThrows(
                Malformed.class,
                () -> CertificatePath.check(List.of(leaf(-1, 1)), Set.of(), CertificatePath.KeyUsage.OPEN, NOW));
    }
}
