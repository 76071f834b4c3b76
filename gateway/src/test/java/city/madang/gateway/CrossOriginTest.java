package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class CrossOriginTest extends GatewayTestBase {

    private static final String PAGE = "Origin: https://wallet.example";
    private static final String STRANGER = "Origin: https://evil.example";

    @Test
    void a_preflight_is_answered_at_the_door_without_a_token() throws IOException {
        int before = counts("/identity").getInteger("seen");

        Caller.Answer answer = caller.line(
                "OPTIONS /guarded/echo HTTP/1.1",
                PAGE,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,dpop");

        assertEquals(200, answer.status());
        assertEquals(List.of("https://wallet.example"), answer.all("access-control-allow-origin"));
        assertTrue(answer.header("access-control-allow-headers").contains("DPoP"));
        assertTrue(answer.header("access-control-allow-methods").contains("POST"));
        assertNull(answer.header("access-control-allow-credentials"));
        assertEquals("Origin", answer.header("vary"));
        assertEquals(before, counts("/identity").getInteger("seen"));
    }

    @Test
    void another_page_is_told_nothing() throws IOException {
        Caller.Answer preflight =
                caller.line("OPTIONS /guarded/echo HTTP/1.1", STRANGER, "Access-Control-Request-Method: POST");
        Caller.Answer call = caller.line("GET /guarded/open/echo HTTP/1.1", STRANGER);

        assertNull(preflight.header("access-control-allow-origin"));
        assertNull(preflight.header("access-control-allow-methods"));
        assertNull(call.header("access-control-allow-origin"));
        assertEquals("Origin", call.header("vary"));
    }

    @Test
    void a_page_can_read_answers_and_refusals_alike() throws IOException {
        for (String target : List.of("/guarded/open/echo", "/guarded/echo")) {
            Caller.Answer answer = caller.line("GET " + target + " HTTP/1.1", PAGE);
            assertEquals(List.of("https://wallet.example"), answer.all("access-control-allow-origin"), target);
            assertTrue(answer.header("access-control-expose-headers").contains("WWW-Authenticate"), target);
        }
        assertEquals(
                List.of("*"),
                caller.line("GET /identity/echo HTTP/1.1", STRANGER).all("access-control-allow-origin"));
        assertNull(caller.line("GET /auth/realms/madang/echo HTTP/1.1", PAGE).header("access-control-allow-origin"));
    }
}
