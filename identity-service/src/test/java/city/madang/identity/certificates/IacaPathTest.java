package city.madang.identity.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.certificates.IacaPath.Role;
import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.TestMdocs;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.junit.jupiter.api.Test;

/** Who signs mdocs and their status lists: only certificates that the city's own IACA has made for just that. */
class IacaPathTest {

    private static final IdentitySettings SETTINGS = new SmallRyeConfigBuilder()
            .withMapping(IdentitySettings.class)
            .withDefaultValue("madang.origin", "https://city.example")
            .withDefaultValue("madang.ca.certificate", "unused")
            .withDefaultValue("madang.ca.key", "unused")
            .withDefaultValue("madang.trust-anchor", "unused")
            .build()
            .getConfigMapping(IdentitySettings.class);

    private final TestKeyring keyring = new TestKeyring();
    private final MdocCa ca = new MdocCa(keyring, SETTINGS);
    private final Iaca iaca = new Iaca(1, ca.root(1), Instant.now());
    private final KeyPair key = TestMdocs.newKey();
    private final Instant now = Instant.now();

    private List<String> issued(Purpose purpose) {
        return ca.issue(iaca, "transport", "Transport", purpose, key.getPublic()).der().stream()
                .map(Base64.getEncoder()::encodeToString)
                .toList();
    }

    private void refused(String why, List<String> x5c, Role role, Instant at) {
        Malformed refused =
                assertThrows(Malformed.class, () -> IacaPath.check(x5c, Set.of(iaca.certificate()), role, at));
        assertEquals(why, refused.getMessage());
    }

    @Test
    void a_document_signer_signs_documents_and_no_lists_and_a_signer_of_lists_the_reverse() throws Exception {
        Set<X509Certificate> anchors = Set.of(iaca.certificate());
        for (Role role : Role.values()) {
            Purpose right = role == Role.DOCUMENTS ? Purpose.DOCUMENT_SIGNER : Purpose.MDOC_STATUS;
            Purpose wrong = role == Role.DOCUMENTS ? Purpose.MDOC_STATUS : Purpose.DOCUMENT_SIGNER;
            assertEquals(1, IacaPath.check(issued(right), anchors, role, now).size());
            refused("the certificate is for something else", issued(wrong), role, now);
        }
    }

    @Test
    void after_its_457_days_it_signs_nothing_any_more() throws Exception {
        List<String> x5c = issued(Purpose.DOCUMENT_SIGNER);
        Instant last = now.plus(Duration.ofDays(457)).minus(Duration.ofMinutes(10));
        IacaPath.check(x5c, Set.of(iaca.certificate()), Role.DOCUMENTS, last);
        refused(
                "the certificate chain does not lead to the trust anchor",
                x5c,
                Role.DOCUMENTS,
                now.plus(Duration.ofDays(457)));
    }

    @Test
    void another_iaca_is_not_the_citys_whatever_it_calls_itself() {
        MdocCa elsewhere = new MdocCa(new TestKeyring(), SETTINGS);
        Iaca other = new Iaca(1, elsewhere.root(1), now);
        assertEquals(
                iaca.certificate().getSubjectX500Principal(),
                other.certificate().getSubjectX500Principal());
        List<String> x5c =
                elsewhere
                        .issue(other, "transport", "Transport", Purpose.DOCUMENT_SIGNER, key.getPublic())
                        .der()
                        .stream()
                        .map(Base64.getEncoder()::encodeToString)
                        .toList();
        refused("the certificate chain does not lead to the trust anchor", x5c, Role.DOCUMENTS, now);
    }

    @Test
    void what_the_iaca_itself_never_made_so_is_refused_even_with_its_signature() throws Exception {
        refused("the certificate is for something else", forged(leaf(null, true, false)), Role.DOCUMENTS, now);
        refused(
                "the certificate is for something else",
                forged(leaf(MdocCa.DOCUMENT_SIGNER, false, false)),
                Role.DOCUMENTS,
                now);
        refused(
                "the certificate is for something else",
                forged(leaf("1.0.18013.5.1.6", true, false)),
                Role.DOCUMENTS,
                now);
        X509Certificate below = leaf(null, true, true);
        refused("the signing certificate must not be a CA", forged(below), Role.DOCUMENTS, now);
        // the root has a path length of zero
        var authority = new TestAuthority("CN=Below");
        refused(
                "the certificate chain does not lead to the trust anchor",
                TestAuthority.x5c(authority.issue("CN=Leaf", key), below),
                Role.DOCUMENTS,
                now);
        refused(
                "x5c must not contain the trust anchor",
                TestAuthority.x5c(leaf(MdocCa.DOCUMENT_SIGNER, true, false), iaca.certificate()),
                Role.DOCUMENTS,
                now);
    }

    private static List<String> forged(X509Certificate leaf) {
        return TestAuthority.x5c(leaf);
    }

    private X509Certificate leaf(String use, boolean critical, boolean isCa) throws Exception {
        var builder = new JcaX509v3CertificateBuilder(
                iaca.certificate(),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                new X500Name("CN=Below"),
                key.getPublic());
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(isCa ? KeyUsage.keyCertSign | KeyUsage.digitalSignature : KeyUsage.digitalSignature));
        if (isCa) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        }
        if (use != null) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    critical,
                    new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(use))));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new KeyringSigner(keyring, iaca.keyId())));
    }
}
