package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class BreakerTest extends GatewayTestBase {

    /** As {@link Upstreams} sets it. */
    private static final Duration REST = Duration.ofSeconds(1);

    @Test
    void a_service_that_fails_again_and_again_is_left_alone_for_a_moment_and_the_others_go_on() throws Exception {
        Caller.Answer answer = leftAlone();

        assertProblem(answer, 503, "upstream-resting");
        assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
        assertEquals(200, caller.line("GET /identity/echo HTTP/1.1").status());
        eventually(() -> caller.line("GET /fragile/echo HTTP/1.1").status() == 200);
        // whoever comes seldom is not turned away for it
        Thread.sleep(2 * REST.toMillis() + 500);
        assertEquals(200, caller.line("GET /fragile/echo HTTP/1.1").status());
        // after the probes it is used as before
        for (int i = 0; i < 20; i++) {
            assertEquals(200, caller.line("GET /fragile/echo HTTP/1.1").status());
        }
    }

    @Test
    void a_service_that_answers_is_back_though_it_failed_a_moment_before() throws Exception {
        leftAlone();
        eventually(() -> caller.line("GET /fragile/hangup HTTP/1.1").status() == 502);
        assertEquals(502, caller.line("GET /fragile/hangup HTTP/1.1").status());
        assertEquals(502, caller.line("GET /fragile/hangup HTTP/1.1").status());
        for (int i = 0; i < 20; i++) {
            assertEquals(200, caller.line("GET /fragile/echo HTTP/1.1").status());
        }
    }

    private Caller.Answer leftAlone() throws IOException {
        Caller.Answer answer = caller.line("GET /fragile/hangup HTTP/1.1");
        for (int i = 0; i < 100 && answer.status() == 502; i++) {
            answer = caller.line("GET /fragile/hangup HTTP/1.1");
        }
        return answer;
    }

    @Test
    void what_callers_do_wrong_is_not_blamed_on_the_service() throws IOException {
        for (int i = 0; i < 40; i++) {
            assertEquals(409, caller.line("GET /identity/early HTTP/1.1").status());
        }
        for (int i = 0; i < 25; i++) {
            assertProblem(caller.line("POST /identity/echo HTTP/1.1", "Content-Length: 65537"), 413, "body-too-large");
        }
        assertEquals(200, caller.line("GET /identity/echo HTTP/1.1").status());
    }
}
