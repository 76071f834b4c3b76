package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.process.Await;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A part of the city is away for {@code -Dmadang.faults.outage-seconds} while an agency makes offers: what does not need it goes on, what does is
 * told so in a problem document, and afterwards everything goes on by itself, with each offer made once.
 */
@Order(3)
@Tag("faults")
class OutageTest {

    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("madang.faults.outage-seconds", 5));
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Set<Integer> AWAY = Set.of(502, 503);
    private static final Set<String> AWAY_TYPES =
            Set.of("urn:madang:problem:upstream-unreachable", "urn:madang:problem:upstream-resting");

    /** Something to read of each service. */
    private static final Map<String, String> PATHS = Map.of(
            "identity-service", "/identity/credential-requests",
            "records-service", "/records/services",
            "payment-service", "/payment/jwks");

    /** Between two requests of the load. */
    private static final Duration PACE = Duration.ofMillis(50);

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Town town;
    private static String holder;
    private static HttpClient http;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
        holder = town.citizen("minji").sub();
        http = town.portal.browser();
    }

    /** Whoever was killed before, by another test or by one of these that failed, is back. */
    @BeforeEach
    void nobody_is_away() {
        PATHS.keySet().forEach(service -> TestStack.get().service(service).awaitReady());
        Await.until(
                "all to be reached",
                RECOVERY,
                () -> {
                    for (String path : PATHS.values()) {
                        if (get(path, town.cityHall.token()).statusCode() != 200) {
                            return false;
                        }
                    }
                    return true;
                },
                () -> "");
    }

    @Test
    void while_keycloak_is_away_tokens_go_on_and_sign_ins_are_told_so() throws Exception {
        assertEquals(200, signIn().statusCode());
        try (Load load = new Load(town.cityHall.token())) {
            TestStack.get().stopKeycloak();
            try {
                for (Instant end = Instant.now().plus(OUTAGE); Instant.now().isBefore(end); Thread.sleep(PACE)) {
                    assertTold(signIn());
                }
            } finally {
                TestStack.get().startKeycloak();
            }
            Await.until("sign-ins to go on", RECOVERY, () -> signIn().statusCode() == 200, () -> "");
            load.end();

            assertEquals(Set.of(Load.MADE), load.answers(), "whoever had a token noticed nothing");
            load.assertEachOfferIsThereOnce();
        }
    }

    @Test
    void a_service_that_starts_while_keycloak_is_away_cannot_check_tokens_and_calls_none_bad() throws Exception {
        String token = town.cityHall.token();
        String path = PATHS.get("identity-service");
        assertEquals(200, get(path, token).statusCode());
        TestStack.get().stopKeycloak();
        try {
            TestStack.get().service("identity-service").kill(Duration.ZERO);
            Await.until(
                    "it to say so",
                    RECOVERY,
                    () -> {
                        HttpResponse<String> answer = get(path, token);
                        assertTrue(AWAY.contains(answer.statusCode()), () -> answer.statusCode() + " " + answer.body());
                        return type(answer).equals("urn:madang:problem:unavailable");
                    },
                    () -> "");
        } finally {
            TestStack.get().startKeycloak();
        }
        Await.until(
                "tokens to be checked again", RECOVERY, () -> get(path, token).statusCode() == 200, () -> "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity-service", "records-service", "payment-service"})
    void while_a_service_is_away_the_others_go_on_and_its_callers_are_told_so(String away) throws Exception {
        String token = town.cityHall.token();
        try (Load load = new Load(token)) {
            TestStack.get().service(away).kill(OUTAGE);
            Await.until(
                    "it to be gone",
                    RECOVERY,
                    () -> AWAY.contains(get(PATHS.get(away), token).statusCode()),
                    () -> "");
            for (Instant end = Instant.now().plus(OUTAGE.dividedBy(2));
                    Instant.now().isBefore(end);
                    Thread.sleep(PACE)) {
                for (String service : PATHS.keySet()) {
                    HttpResponse<String> answer = get(PATHS.get(service), token);
                    if (service.equals(away)) {
                        assertTold(answer);
                    } else {
                        assertEquals(
                                200,
                                answer.statusCode(),
                                () -> service + " while " + away + " is away: " + answer.body());
                    }
                }
            }
            Await.until(
                    "it to be back", RECOVERY, () -> get(PATHS.get(away), token).statusCode() == 200, () -> "");
            load.end();

            if (!away.equals("identity-service")) {
                assertEquals(Set.of(Load.MADE), load.answers());
            }
            load.assertEachOfferIsThereOnce();
        }
    }

    private static void assertTold(HttpResponse<String> answer) throws IOException {
        assertTrue(AWAY.contains(answer.statusCode()), () -> answer.statusCode() + " " + answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        String type = type(answer);
        assertTrue(AWAY_TYPES.contains(type), type);
    }

    private static String type(HttpResponse<String> problem) throws IOException {
        return JSON.readTree(problem.body()).path("type").asText();
    }

    private static HttpResponse<String> signIn() throws IOException, InterruptedException {
        String body = "grant_type=client_credentials&client_id=transport&client_secret="
                + TestStack.city().secret().apply("transport");
        return send(HttpRequest.newBuilder(TestStack.city().at("/auth/realms/madang/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(TestStack.city().at(path)).header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
    }

    /** Offers, one after the other, each asked for under a key of its own until it is made. */
    private static final class Load implements AutoCloseable {

        static final String MADE = "201";

        private final String token;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Queue<String> answers = new ConcurrentLinkedQueue<>();
        private final Queue<String> made = new ConcurrentLinkedQueue<>();
        private final String mark = Personal.documentNumber();
        private final Thread thread;

        Load(String token) {
            this.token = token;
            thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            try {
                while (!ended.get()) {
                    String key = UUID.randomUUID().toString();
                    String body = body();
                    HttpResponse<String> answer = offer(key, body);
                    while (answer == null || AWAY.contains(answer.statusCode())) {
                        Thread.sleep(PACE);
                        answer = offer(key, body);
                    }
                    made.add(JSON.readTree(answer.body()).path("id").asText());
                    Thread.sleep(PACE);
                }
            } catch (InterruptedException closed) {
                // the test failed
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }

        private String body() {
            ObjectNode body = JSON.createObjectNode()
                    .put("credential_configuration_id", Town.LICENCE)
                    .put("holder", holder);
            body.set("claims", Personal.licence().put("document_number", mark));
            return body.toString();
        }

        /** Null where the connection broke. */
        private HttpResponse<String> offer(String key, String body) throws InterruptedException {
            try {
                HttpResponse<String> answer =
                        send(HttpRequest.newBuilder(TestStack.city().at("/identity/credential-offers"))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", key)
                                .POST(BodyPublishers.ofString(body)));
                answers.add(answer.statusCode() == 201 ? MADE : answer.statusCode() + " " + type(answer));
                return answer;
            } catch (IOException broken) {
                answers.add("broken: " + broken.getMessage());
                return null;
            }
        }

        void end() throws InterruptedException {
            ended.set(true);
            thread.join();
        }

        /** So that a test that failed leaves no load behind. */
        @Override
        public void close() {
            ended.set(true);
            thread.interrupt();
        }

        /** Each kind of answer that was had, {@link #MADE} among them. */
        Set<String> answers() {
            return Set.copyOf(answers);
        }

        void assertEachOfferIsThereOnce() {
            List<String> kept =
                    IdentityDatabase.column("select id from credential_offer where claims like '%" + mark + "%'");
            System.out.printf(
                    "%d offers were made meanwhile, answers %s%n",
                    made.size(),
                    answers.stream().collect(Collectors.groupingBy(answer -> answer, Collectors.counting())));
            assertTrue(!made.isEmpty());
            assertEquals(made.stream().sorted().toList(), kept.stream().sorted().toList());
        }
    }
}
