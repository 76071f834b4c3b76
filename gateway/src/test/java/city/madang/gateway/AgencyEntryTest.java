package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.util.Base64URL;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class AgencyEntryTest extends GatewayTestBase {

    private static final String LINE = "GET /guarded/echo HTTP/1.1";

    private TestCertificates.Client transport;
    private Caller agency;

    @BeforeEach
    void connectAgency() {
        Path folder = Path.of(authority).getParent();
        transport = TestCertificates.client(folder, "CN=transport");
        agency = Caller.with(transport.keys(), authority, entry.agencyPort());
    }

    private static String boundTo(TestCertificates.Client client) throws Exception {
        String thumbprint = Base64URL.encode(MessageDigest.getInstance("SHA-256")
                        .digest(client.certificate().getEncoded()))
                .toString();
        return "Authorization: Bearer "
                + TestService.ISSUER.token(
                        claims -> claims.claim("agency", "transport").claim("cnf", Map.of("x5t#S256", thumbprint)));
    }

    @Test
    void a_token_bound_to_the_certificate_of_the_connection_passes() throws Exception {
        assertEquals(200, agency.line(LINE, boundTo(transport)).status());
    }

    @Test
    void a_bound_token_is_worth_nothing_over_another_connection() throws Exception {
        TestCertificates.Client other =
                TestCertificates.client(Path.of(authority).getParent(), "CN=other");

        assertProblem(agency.line(LINE, boundTo(other)), 401, "unauthenticated");
        assertProblem(caller.from("127.0.0.50").line(LINE, boundTo(transport)), 401, "unauthenticated");
    }

    @Test
    void only_bound_tokens_count_at_the_entry_for_agencies() throws IOException {
        assertProblem(agency.line(LINE, "Authorization: Bearer " + TestService.ISSUER.token()), 401, "unauthenticated");
        assertProblem(agency.line(LINE), 401, "unauthenticated");
    }

    @Test
    void without_a_certificate_of_the_authorities_there_is_no_connection() {
        Caller nobody = new Caller(authority, entry.agencyPort());
        Caller stranger = Caller.with(TestCertificates.stranger("CN=transport").keys(), authority, entry.agencyPort());

        assertThrows(IOException.class, () -> nobody.line(LINE));
        assertThrows(IOException.class, () -> stranger.line(LINE));
    }

    @Test
    void keycloak_alone_hears_of_the_certificate_and_nobody_can_claim_one() throws Exception {
        String expected =
                ":" + Base64.getEncoder().encodeToString(transport.certificate().getEncoded()) + ":";
        String token = "POST /auth/realms/madang/protocol/openid-connect/token HTTP/1.1";
        String forged = "Client-Cert: :AAAA:";

        assertEquals(
                List.of(expected),
                seen(agency.line(token, "Content-Length: 0", forged).json(), "client-cert"));
        assertTrue(seen(agency.line(LINE, boundTo(transport), forged).json(), "client-cert")
                .isEmpty());
        assertTrue(seen(caller.line(token, "Content-Length: 0", forged).json(), "client-cert")
                .isEmpty());
    }
}
