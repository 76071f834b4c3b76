package city.madang.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.gateway.entry.Entry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;

/** What the tests against the running gateway share. */
public abstract class GatewayTestBase {

    @Inject
    Entry entry;

    @ConfigProperty(name = "test.ca")
    String authority;

    protected Caller caller;

    @BeforeEach
    void connectCaller() {
        caller = new Caller(authority, entry.port());
    }

    protected void assertProblem(Caller.Answer answer, int status, String slug) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type"));
        JsonObject problem = answer.json();
        assertEquals("urn:madang:problem:" + slug, problem.getString("type"));
        assertEquals(status, problem.getInteger("status"));
        String id = answer.header("x-request-id");
        assertEquals(id, UUID.fromString(id).toString());
        assertEquals("urn:uuid:" + id, problem.getString("instance"));
    }

    /** The values of a header as the service saw it. */
    protected static List<String> seen(JsonObject echo, String header) {
        return echo.getJsonArray("headers").stream()
                .map(JsonArray.class::cast)
                .filter(pair -> pair.getString(0).equalsIgnoreCase(header))
                .map(pair -> pair.getString(1))
                .toList();
    }

    protected JsonObject counts(String prefix) throws IOException {
        Caller.Answer answer = caller.line("GET " + prefix + "/counts HTTP/1.1");
        assertEquals(200, answer.status());
        return answer.json();
    }

    protected static void eventually(Check check) throws Exception {
        long until = System.nanoTime() + 5_000_000_000L;
        while (!check.holds()) {
            assertTrue(System.nanoTime() < until, "did not come true in time");
            Thread.sleep(30);
        }
    }

    /** A condition that comes true in a moment. */
    @FunctionalInterface
    protected interface Check {
        boolean holds() throws Exception;
    }
}
