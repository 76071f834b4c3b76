package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.OpenSsl;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class TlsTest extends GatewayTestBase {

    private static final String WEAK = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";

    @Inject
    TlsConfigurationRegistry certificates;

    @Inject
    Event<CertificateUpdatedEvent> updated;

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void the_library_of_this_machine_is_there() {
        assertTrue(OpenSsl.isAvailable(), () -> String.valueOf(OpenSsl.unavailabilityCause()));
    }

    @Test
    void a_renewed_certificate_is_shown_at_both_entries_under_the_same_terms() throws Exception {
        Path folder = Path.of(authority).getParent();
        Caller agency =
                Caller.with(TestCertificates.client(folder, "CN=transport").keys(), authority, entry.agencyPort());
        Caller nobody = new Caller(authority, entry.agencyPort());
        Certificate before = caller.shown();
        assertEquals(before, agency.shown());

        TestCertificates.renew(folder);
        TlsConfiguration certificate = certificates.get("gateway").orElseThrow();
        assertTrue(certificate.reload());
        updated.fire(new CertificateUpdatedEvent("gateway", certificate));

        eventually(() -> shows(caller, before, false));
        Certificate after = caller.shown();
        eventually(() -> shows(agency, after, true));
        assertThrows(SSLException.class, () -> caller.agreedSuite(WEAK));
        assertThrows(IOException.class, () -> nobody.line("GET /identity/echo HTTP/1.1"));
        assertEquals(401, agency.line("GET /guarded/echo HTTP/1.1").status());
    }

    /** Whether it shows this certificate, or another; connections are cut in the moment in which it changes. */
    private static boolean shows(Caller caller, Certificate certificate, boolean same) {
        try {
            return caller.shown().equals(certificate) == same;
        } catch (IOException cut) {
            return false;
        }
    }
}
