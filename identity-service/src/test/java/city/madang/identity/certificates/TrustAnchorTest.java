package city.madang.identity.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which chains lead to the city's root. */
class TrustAnchorTest {

    private static final X500Name ROOT = new X500Name("CN=Root");
    private static final X500Name CA = new X500Name("CN=Agency CA");
    private static final X500Name AGENCY = new X500Name("O=transport,CN=Transport");
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    private final KeyPair rootKey = pair("secp256r1");
    private final KeyPair caKey = pair("secp256r1");
    private final KeyPair leafKey = pair("secp256r1");
    private String root = "";
    private String ca = "";
    private TrustAnchor anchor;

    /** @param key whose certificate it is, signed by {@code signer} */
    private record Draft(
            X500Name issuer,
            X500Name subject,
            KeyPair key,
            KeyPair signer,
            boolean isCa,
            Duration since,
            Duration left) {}

    @BeforeEach
    void city() throws Exception {
        root = made(new Draft(ROOT, ROOT, rootKey, rootKey, true, YEAR, YEAR));
        ca = made(new Draft(ROOT, CA, caKey, rootKey, true, YEAR, YEAR));
        Path file = folder.resolve("root.pem");
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(Base64.getDecoder().decode(root))
                        + "\n-----END CERTIFICATE-----\n");
        anchor = new TrustAnchor((IdentitySettings) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IdentitySettings.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("trustAnchor")) {
                        return file;
                    }
                    throw new AssertionError(method.getName());
                }));
    }

    private static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String made(Draft draft) throws Exception {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                draft.issuer(),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(draft.since())),
                Date.from(now.plus(draft.left())),
                draft.subject(),
                draft.key().getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(draft.isCa()));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(draft.isCa() ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
        return Base64.getEncoder()
                .encodeToString(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                                .build(draft.signer().getPrivate()))
                        .getEncoded());
    }

    private String leaf(Duration since, Duration left) throws Exception {
        return made(new Draft(CA, AGENCY, leafKey, caKey, false, since, left));
    }

    private void refused(List<String> x5c, String why) {
        String message = assertThrows(Malformed.class, () -> anchor.leafOf(x5c)).getMessage();
        assertTrue(String.valueOf(message).contains(why), message);
    }

    @Test
    void a_leaf_under_the_citys_ca_is_trusted_while_it_is_valid() throws Exception {
        assertEquals(
                leafKey.getPublic(),
                anchor.leafOf(List.of(leaf(YEAR, YEAR), ca)).getPublicKey());
        refused(List.of(leaf(YEAR, Duration.ofSeconds(-1)), ca), "trust anchor");
        refused(List.of(leaf(Duration.ofSeconds(-60), YEAR), ca), "trust anchor");
    }

    @Test
    void an_expired_ca_ends_trust_in_all_that_it_certified() throws Exception {
        String expired = made(new Draft(ROOT, CA, caKey, rootKey, true, YEAR, Duration.ofSeconds(-1)));
        refused(List.of(leaf(YEAR, YEAR), expired), "trust anchor");
    }

    @Test
    void a_foreign_chain_is_not_trusted_even_if_its_names_are_the_citys() throws Exception {
        KeyPair foreignRoot = pair("secp256r1");
        KeyPair foreignCa = pair("secp256r1");
        String forgedCa = made(new Draft(ROOT, CA, foreignCa, foreignRoot, true, YEAR, YEAR));
        String forgedLeaf = made(new Draft(CA, AGENCY, leafKey, foreignCa, false, YEAR, YEAR));
        refused(List.of(forgedLeaf, forgedCa), "trust anchor");
        refused(List.of(forgedLeaf, ca), "trust anchor");
        refused(List.of(leaf(YEAR, YEAR)), "trust anchor");
        refused(List.of(leaf(YEAR, YEAR), ca, root), "must not contain the trust anchor");
    }

    @Test
    void a_leaf_is_neither_self_signed_nor_a_ca_nor_a_leafs_leaf() throws Exception {
        refused(List.of(made(new Draft(AGENCY, AGENCY, leafKey, leafKey, false, YEAR, YEAR))), "self-signed");
        refused(List.of(ca), "must not be a CA");
        KeyPair below = pair("secp256r1");
        String fromLeaf = made(new Draft(AGENCY, new X500Name("O=other"), below, leafKey, false, YEAR, YEAR));
        refused(List.of(fromLeaf, leaf(YEAR, YEAR), ca), "trust anchor");
        KeyPair p384 = pair("secp384r1");
        refused(List.of(made(new Draft(CA, AGENCY, p384, caKey, false, YEAR, YEAR)), ca), "P-256");
    }
}
