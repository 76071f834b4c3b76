package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Upstreams.class)
class LimitsTest extends GatewayTestBase {

    private static final String LINE = "GET /limited/echo HTTP/1.1";

    private static Caller.Answer until429(Caller from, String... fields) throws IOException {
        Caller.Answer answer = from.line(LINE, fields);
        for (int i = 0; i < 50 && answer.status() == 200; i++) {
            answer = from.line(LINE, fields);
        }
        return answer;
    }

    @Test
    void who_asks_too_often_is_told_when_to_come_back_and_the_others_go_on() throws IOException {
        Caller busy = caller.from("127.0.0.30");
        Caller.Answer first = busy.line(LINE);
        assertEquals(200, first.status());
        assertEquals("\"caller\";q=3;w=3", first.header("ratelimit-policy"));
        assertTrue(first.header("ratelimit").startsWith("\"caller\";r=2;t="), first.header("ratelimit"));

        Caller.Answer refused = until429(busy);

        assertProblem(refused, 429, "too-many-requests");
        assertEquals("1", refused.header("retry-after"));
        assertTrue(refused.header("ratelimit").startsWith("\"caller\";r=0;t="), refused.header("ratelimit"));
        assertEquals(200, caller.from("127.0.0.31").line(LINE).status());
    }

    @Test
    void a_signed_in_caller_is_counted_by_name_and_not_by_address() throws IOException {
        Caller shared = caller.from("127.0.0.32");
        String token = "Authorization: Bearer " + TestService.ISSUER.token();

        assertProblem(until429(shared, token), 429, "too-many-requests");

        assertProblem(caller.from("127.0.0.33").line(LINE, token), 429, "too-many-requests");
        assertEquals(
                200,
                shared.line(LINE, "Authorization: Bearer " + TestService.ISSUER.token())
                        .status());
    }

    @Test
    void the_systems_of_an_agency_share_its_limit() throws IOException {
        Caller.Answer answer = null;
        for (int i = 0; i < 50 && (answer == null || answer.status() == 200); i++) {
            String token = TestService.ISSUER.token(claims -> claims.claim("agency", "transport"));
            answer = caller.line(LINE, "Authorization: Bearer " + token);
        }

        assertProblem(answer, 429, "too-many-requests");
        assertTrue(answer.header("ratelimit").startsWith("\"agency\""), answer.header("ratelimit"));
        String other = TestService.ISSUER.token(claims -> claims.claim("agency", "treasury"));
        assertEquals(200, caller.line(LINE, "Authorization: Bearer " + other).status());
    }
}
