package city.madang.devstack.ca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentCaTest {

    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");

    @TempDir
    Path folder;

    @Test
    void the_chains_lead_to_the_root() throws Exception {
        var ca = DevelopmentCa.open(folder, InstantSource.fixed(NOW));
        var root = DevelopmentCa.read(ca.root());
        var tls = DevelopmentCa.read(ca.tlsCertificate());
        var agency = DevelopmentCa.read(ca.agencyCertificate());

        assertTrue(root.getSubjectX500Principal().getName().contains("CN=" + DevelopmentCa.ROOT_NAME));
        assertTrue(agency.getSubjectX500Principal().getName().contains("CN=" + DevelopmentCa.AGENCY_NAME));
        validate(root, tls);
        validate(root, agency);
        validate(DevelopmentCa.read(ca.walletProviderAnchor()), DevelopmentCa.read(ca.walletProviderCertificate()));
        assertEquals(0, agency.getBasicConstraints());
        assertEquals(-1, tls.getBasicConstraints());
        var names = tls.getSubjectAlternativeNames().stream()
                .map(name -> name.get(1))
                .toList();
        assertEquals(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"), names);
        assertEquals(List.of(tls, root), DevelopmentCa.chain(ca.tlsCertificate()));
        for (var key : List.of(ca.tlsKey(), ca.agencyKey(), ca.walletProviderKey())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            assertEquals("PKCS#8", DevelopmentCa.readKey(key).getFormat());
        }
    }

    @Test
    void certificates_are_kept_until_they_end_soon() throws Exception {
        var first = DevelopmentCa.read(
                DevelopmentCa.open(folder, InstantSource.fixed(NOW)).tlsCertificate());
        var same = DevelopmentCa.read(DevelopmentCa.open(folder, InstantSource.fixed(NOW.plus(Duration.ofDays(300))))
                .tlsCertificate());
        var renewed = DevelopmentCa.open(folder, InstantSource.fixed(NOW.plus(Duration.ofDays(380))));

        assertEquals(first, same);
        assertNotEquals(first, DevelopmentCa.read(renewed.tlsCertificate()));
        DevelopmentCa.read(renewed.tlsCertificate())
                .verify(DevelopmentCa.read(renewed.root()).getPublicKey());
    }

    private static void validate(X509Certificate root, X509Certificate leaf) throws Exception {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
    }
}
