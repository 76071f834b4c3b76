package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.ServerNonces;
import city.madang.identity.jose.Sha256;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A DPoP proof at the Credential Endpoint is used up by whatever its request comes to: with the offer that is issued, or before anything
 * else.
 */
@QuarkusTest
class SpentProofTest {

    private static final String CREDENTIAL = "/identity/credential";
    private static final String NOTIFICATION = "/identity/notification";
    private static final Duration LONG = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    ServerNonces nonces;

    private final ECKey dpop = TestWallet.newKey();
    private Map<String, Object> announced;
    private String token;

    @BeforeEach
    void redeemed() {
        TestCity.register("city-hall");
        announced = TestWallet.residencyOffer();
        token = given().header("DPoP", HaipWallet.dpop(dpop, "/identity/token", claims -> {}))
                .formParams(TestWallet.form(announced))
                .post("/identity/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    private String proof(String path, Consumer<JWTClaimsSet.Builder> change) {
        return HaipWallet.dpop(dpop, path, token, change);
    }

    private String proof() {
        return proof(CREDENTIAL, claims -> {});
    }

    private Response send(String path, String proof, String type, Object body) {
        var request = given().header("Authorization", "DPoP " + token)
                .header("DPoP", proof)
                .contentType(type);
        return (body instanceof byte[] bytes ? request.body(bytes) : request.body(body)).post(path);
    }

    private Response ask(String proof, Object body) {
        return send(CREDENTIAL, proof, "application/json", body);
    }

    private static Map<String, Object> residency(String nonce) {
        return WalletSession.request("residency", "jwt", new TestWallet().proof(nonce));
    }

    private static Map<String, Object> residency() {
        return residency(TestWallet.nonce());
    }

    private static void replayed(Response response) {
        WalletSession.refused(response, 401, "invalid_dpop_proof");
        assertEquals("the proof was used before", response.path("error_description"));
    }

    private int count(String sql, Object... values) {
        return pool.preparedQuery("select count(*)::int from " + sql)
                .execute(Tuple.from(List.of(values)))
                .await()
                .atMost(LONG)
                .iterator()
                .next()
                .getInteger(0);
    }

    private boolean isUsed(String nonce) {
        return count("used_nonce where sha256 = $1", Sha256.hex(nonce)) == 1;
    }

    private int issued() {
        return count("issuance where offer = $1", UUID.fromString((String) announced.get("id")));
    }

    /** A lock for which statements that write wait, and those that read do not. */
    private SqlConnection holding(String table) {
        SqlConnection connection = pool.getConnection().await().atMost(LONG);
        run(connection, "begin");
        run(connection, "lock table " + table + " in exclusive mode");
        return connection;
    }

    private static void run(SqlConnection connection, String sql) {
        connection.query(sql).execute().await().atMost(LONG);
    }

    private static void letGo(SqlConnection connection) {
        run(connection, "commit");
        connection.close().await().atMost(LONG);
    }

    /** Until so many statements that note an issuance wait for the lock on nonces. */
    private void untilNotesWait(int many) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (count("pg_locks l join pg_stat_activity a using (pid) where not l.granted"
                        + " and l.relation = 'used_nonce'::regclass and a.query like '%into issuance%'")
                < many) {
            assertTrue(System.nanoTime() < end, "nothing waits to be noted");
            Thread.sleep(20);
        }
    }

    /** What these are answered, between whose reading and noting something happens. */
    private List<Response> between(InBetween happening, List<Callable<Response>> requests) throws Exception {
        List<Response> answers = new ArrayList<>();
        SqlConnection held = holding("used_nonce");
        boolean free = false;
        try (ExecutorService senders = Executors.newFixedThreadPool(requests.size())) {
            try {
                List<Future<Response>> sent =
                        requests.stream().map(senders::submit).toList();
                untilNotesWait(requests.size());
                happening.happens();
                letGo(held);
                free = true;
                for (Future<Response> each : sent) {
                    answers.add(each.get());
                }
            } finally {
                if (!free) {
                    letGo(held);
                }
            }
        }
        return answers;
    }

    private interface InBetween {
        void happens() throws Exception;
    }

    @Test
    void what_has_brought_a_credential_brings_nothing_more() {
        String proof = proof();
        Map<String, Object> body = residency();
        ask(proof, body).then().statusCode(200);
        replayed(ask(proof, body));
        String nonce = TestWallet.nonce();
        replayed(ask(proof, residency(nonce)));
        assertFalse(isUsed(nonce));
        assertEquals(1, issued());
    }

    @Test
    void what_was_refused_for_anything_brings_nothing_more() {
        String used = TestWallet.nonce();
        pool.preparedQuery("insert into used_nonce values ($1, now() + interval '5 minutes')")
                .execute(Tuple.of(Sha256.hex(used)))
                .await()
                .atMost(LONG);
        Map<String, Object> unproven = residency();
        unproven.remove("proofs");
        for (Object body : List.of(
                "no JSON",
                "{}",
                Map.of("credential_configuration_id", "citizen"),
                Map.of("credential_configuration_id", "there-is-none"),
                Map.of("credential_identifier", "there-is-none"),
                unproven,
                WalletSession.request("residency", "jwt", "x"),
                residency("made-up"),
                residency(used))) {
            String proof = proof();
            ask(proof, body).then().statusCode(oneOf(400, 403));
            replayed(ask(proof, residency()));
        }
        String proof = proof();
        WalletSession.refused(
                send(CREDENTIAL, proof, "application/jwt", "broken".getBytes(StandardCharsets.US_ASCII)),
                400,
                "invalid_encryption_parameters");
        replayed(ask(proof, residency()));
        assertEquals(0, issued());
        ask(proof(), residency()).then().statusCode(200);
    }

    @Test
    void what_found_the_offer_over_brings_nothing_more() {
        String offer = (String) announced.get("id");
        pool.preparedQuery("update credential_offer set expires_at = now() where id = $1")
                .execute(Tuple.of(UUID.fromString(offer)))
                .await()
                .atMost(LONG);
        String proof = proof();
        WalletSession.refused(ask(proof, residency()), 401, "invalid_token");
        replayed(ask(proof, residency()));
    }

    @Test
    void what_brought_the_same_answer_again_brings_nothing_more() {
        TestWallet wallet = new TestWallet();
        Supplier<Map<String, Object>> body =
                () -> WalletSession.request("residency", "jwt", wallet.proof(TestWallet.nonce()));
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String proof = proof();
            answers.add(ask(proof, body.get()).then().statusCode(200).extract().asString());
            replayed(ask(proof, body.get()));
        }
        assertEquals(answers.get(0), answers.get(1));
    }

    @Test
    void without_an_offer_nothing_is_issued_or_deferred_by_a_proof_that_was_used() {
        for (String type : List.of("citizen", TestTypes.declare("deferred", false))) {
            WalletSession session = WalletSession.signIn("minji", type);
            String proof = session.wallet.dpop(CREDENTIAL, session.token);
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String nonce = TestWallet.nonce();
                Response answer = given().header("Authorization", "DPoP " + session.token)
                        .header("DPoP", proof)
                        .contentType("application/json")
                        .body(WalletSession.request(type, "jwt", new TestWallet().proof(nonce)))
                        .post(CREDENTIAL);
                answers.add(answer.statusCode());
                assertEquals(i == 0, isUsed(nonce));
            }
            assertEquals(List.of(type.equals("citizen") ? 200 : 202, 401), answers);
        }
    }

    @Test
    void what_was_used_at_one_endpoint_is_used_at_the_other() {
        Map<String, Object> told =
                Map.of("notification_id", UUID.randomUUID().toString(), "event", "credential_accepted");
        String first = UUID.randomUUID().toString();
        assertEquals(
                400,
                send(NOTIFICATION, proof(NOTIFICATION, claims -> claims.jwtID(first)), "application/json", told)
                        .statusCode());
        replayed(ask(proof(CREDENTIAL, claims -> claims.jwtID(first)), residency()));
        assertEquals(0, issued());
        String second = UUID.randomUUID().toString();
        ask(proof(CREDENTIAL, claims -> claims.jwtID(second)), residency())
                .then()
                .statusCode(200);
        replayed(send(NOTIFICATION, proof(NOTIFICATION, claims -> claims.jwtID(second)), "application/json", told));
    }

    @Test
    void a_replay_is_refused_before_anything_is_written() {
        String proof = proof();
        ask(proof, "{}").then().statusCode(400);
        SqlConnection held = holding("used_once");
        try {
            assertTimeoutPreemptively(LONG, () -> replayed(ask(proof, residency())));
        } finally {
            letGo(held);
        }
    }

    @Test
    void of_requests_that_were_read_with_one_proof_one_is_issued_and_the_others_use_up_nothing() throws Exception {
        String proof = proof();
        List<String> asked = List.of(TestWallet.nonce(), TestWallet.nonce());
        List<Callable<Response>> requests = asked.stream()
                .<Callable<Response>>map(nonce -> () -> ask(proof, residency(nonce)))
                .toList();
        List<Response> answers = between(() -> {}, requests);
        int winner = answers.get(0).statusCode() == 200 ? 0 : 1;
        answers.get(winner).then().statusCode(200);
        replayed(answers.get(1 - winner));
        assertTrue(isUsed(asked.get(winner)));
        assertFalse(isUsed(asked.get(1 - winner)));
        assertEquals(1, issued());
    }

    @Test
    void with_the_same_nonce_the_second_of_them_is_a_replay_too() throws Exception {
        String proof = proof();
        Map<String, Object> body = residency();
        Callable<Response> request = () -> ask(proof, body);
        List<Response> answers = between(() -> {}, List.of(request, request));
        int winner = answers.get(0).statusCode() == 200 ? 0 : 1;
        answers.get(winner).then().statusCode(200);
        replayed(answers.get(1 - winner));
    }

    @Test
    void of_two_offers_that_are_asked_for_with_one_proof_one_is_issued() throws Exception {
        List<String> types = List.of(TestTypes.declare("first", false), TestTypes.declare("second", false));
        List<String> offers = types.stream()
                .map(type -> (String) TestTypes.offer(type).get("id"))
                .toList();
        WalletSession session = WalletSession.signIn("minji", String.join(" ", types));
        String proof = session.wallet.dpop(CREDENTIAL, session.token);
        List<String> asked = List.of(TestWallet.nonce(), TestWallet.nonce());
        List<Callable<Response>> requests = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Map<String, Object> body = WalletSession.request(types.get(i), "jwt", new TestWallet().proof(asked.get(i)));
            requests.add(() -> given().header("Authorization", "DPoP " + session.token)
                    .header("DPoP", proof)
                    .contentType("application/json")
                    .body(body)
                    .post(CREDENTIAL));
        }
        List<Response> answers = between(() -> {}, requests);
        int winner = answers.get(0).statusCode() == 200 ? 0 : 1;
        int loser = 1 - winner;
        answers.get(winner).then().statusCode(200);
        replayed(answers.get(loser));
        assertFalse(isUsed(asked.get(loser)));
        UUID offer = UUID.fromString(offers.get(loser));
        assertEquals(1, count("credential_offer where id = $1 and state = 'offered'", offer));
        assertEquals(0, count("issuance where offer = $1", offer));
        assertEquals(0, count("outbox where subject = $1 and type = 'credential.issued'", offer.toString()));
        // and is still to be had
        session.jwt(types.get(loser), new TestWallet().proof(asked.get(loser)))
                .then()
                .statusCode(200);
    }

    @Test
    void what_the_database_forgot_in_between_is_not_taken_for_unused() throws Exception {
        String proof = proof();
        String nonce = TestWallet.nonce();
        // what a crash of PostgreSQL does to unlogged tables, and then another process; without truncating, for which
        // there are locks
        Response answer = between(
                        () -> pool.query("delete from used_once; delete from used_once_since;"
                                        + " insert into used_once_since (since) values (now())")
                                .execute()
                                .await()
                                .atMost(LONG),
                        List.of(() -> ask(proof, residency(nonce))))
                .getFirst();
        WalletSession.refused(answer, 401, "use_dpop_nonce");
        assertFalse(isUsed(nonce));
        assertEquals(0, issued());
        Thread.sleep(1100); // times of nonces are whole seconds
        ask(proof(), residency(nonce)).then().statusCode(200);
    }

    @Test
    void a_proof_that_has_become_too_old_in_between_is_not_taken() throws Exception {
        // as if the service had run for long: then a nonce that is about to expire is known to be unused
        pool.query("update used_once_since set since = since - interval '1 hour'")
                .execute()
                .await()
                .atMost(LONG);
        try {
            String old = nonces.next(ServerNonces.Purpose.DPOP, Duration.ofSeconds(4));
            String proof = proof(CREDENTIAL, claims -> claims.claim("nonce", old));
            String nonce = TestWallet.nonce();
            Response answer = between(() -> Thread.sleep(4100), List.of(() -> ask(proof, residency(nonce))))
                    .getFirst();
            WalletSession.refused(answer, 401, "use_dpop_nonce");
            assertFalse(isUsed(nonce));
            assertEquals(0, issued());
            ask(proof(), residency(nonce)).then().statusCode(200);
        } finally {
            pool.query("update used_once_since set since = since + interval '1 hour'")
                    .execute()
                    .await()
                    .atMost(LONG);
        }
    }

    @Test
    void what_failed_brings_nothing_more() {
        String proof = proof();
        pool.query("create function broken_note() returns trigger language plpgsql"
                        + " as $$ begin raise exception 'the database is out of order'; end $$;"
                        + " create trigger broken_note before insert on issuance"
                        + " for each row execute function broken_note()")
                .execute()
                .await()
                .atMost(LONG);
        try {
            ask(proof, residency()).then().statusCode(greaterThanOrEqualTo(500));
        } finally {
            pool.query("drop function broken_note cascade").execute().await().atMost(LONG);
        }
        replayed(ask(proof, residency()));
        assertEquals(0, issued());
        ask(proof(), residency()).then().statusCode(200);
    }
}
