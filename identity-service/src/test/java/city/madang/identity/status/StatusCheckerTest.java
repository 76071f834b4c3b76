package city.madang.identity.status;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.LocalHost;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.certificates.Signer;
import city.madang.identity.certificates.Signers;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists are real and signed with agencies' real keys, on a host with TLS. */
@QuarkusTest
class StatusCheckerTest {

    @Inject
    Pool pool;

    @Inject
    IdentitySettings settings;

    @Inject
    Keyring keyring;

    @Inject
    Signers signers;

    @Inject
    StatusIndexes indexes;

    @Inject
    StatusLists lists;

    @Inject
    Vertx vertx;

    @TempDir
    Path folder;

    private LocalHost host;
    private final MovingClock clock = new MovingClock();

    private static final class MovingClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void start() throws Exception {
        for (String agency : List.of("city-hall", "transport")) {
            given().header("Authorization", "Bearer " + TestTokens.user("officer.cityhall"))
                    .contentType("application/json")
                    .body(Map.of("name", Map.of("ko", agency + " 기관", "en", "The agency " + agency)))
                    .put("/identity/agencies/" + agency)
                    .then()
                    .statusCode(oneOf(200, 201));
        }
        host = new LocalHost(folder);
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    private StatusChecker checker() {
        return new StatusChecker(
                lists,
                new ForeignLists(host.client(), new ListReader(signers::of), clock, 1 << 24, Duration.ofMinutes(15)),
                settings.statusLists() + "/");
    }

    /** As the agency's page shows it. */
    private static List<String> x5c(String agency) {
        return given().get("/identity/agencies/" + agency)
                .then()
                .statusCode(200)
                .extract()
                .path("certificates.find { it.purpose == 'credential-issuer' }.x5c");
    }

    private Signer leaf(String agency) throws Exception {
        return signers.of(x5c(agency));
    }

    private static Map<String, Object> claim(String uri, Object index) {
        return Map.of("status_list", Map.of("idx", index, "uri", uri));
    }

    private static CredentialStatus check(StatusChecker checker, Object claim, Signer issuer) {
        return checker.check(claim, issuer).await().atMost(Duration.ofSeconds(20));
    }

    private ListToken token(String path, int bits, int... values) {
        StatusArray list = StatusArray.of(bits, 1024);
        for (int i = 0; i < values.length; i++) {
            list.set(i, values[i]);
        }
        long now = clock.instant().getEpochSecond();
        return new ListToken(host.url(path), now, now + 3600, 60, bits, list.deflate(), "https://partner.test/all");
    }

    private void serve(String path, ListFormat format, String agency, ListToken token) {
        UnaryOperator<byte[]> signer = input -> keyring.sign(Purpose.CREDENTIAL_ISSUER.keyId(agency, 1), input);
        host.put(path, format.mediaType(), token.sign(format, x5c(agency), signer));
    }

    @Test
    void foreign_lists_are_read_in_both_forms() throws Exception {
        Signer cityHall = leaf("city-hall");
        for (ListFormat format : ListFormat.values()) {
            String path = "/list-" + format;
            serve(path, format, "city-hall", token(path, 2, 0, 1, 2, 3));
            StatusChecker checker = checker();
            List<CredentialStatus> found = new ArrayList<>();
            for (int index = 0; index < 4; index++) {
                found.add(check(checker, claim(host.url(path), index), cityHall));
            }
            assertEquals(
                    List.of(
                            CredentialStatus.VALID,
                            CredentialStatus.INVALID,
                            CredentialStatus.SUSPENDED,
                            CredentialStatus.OTHER),
                    found);
            assertEquals(CredentialStatus.VALID, check(checker, claim(host.url(path), 1023L), cityHall));
            for (Object bad : new Object[] {1024, Integer.MAX_VALUE, Long.MAX_VALUE, -1, "0", 0.0, true}) {
                assertEquals(
                        CredentialStatus.UNAVAILABLE, check(checker, claim(host.url(path), bad), cityHall), bad + "");
            }
        }
        assertEquals(2, host.asked());
    }

    @Test
    void a_list_that_does_not_hold_says_nothing() throws Exception {
        Signer cityHall = leaf("city-hall");
        long now = clock.instant().getEpochSecond();
        byte[] values = StatusArray.of(1, 1024).deflate();
        byte[] bomb = StatusArray.of(8, 64 << 20).deflate();
        Map<String, ListToken> bad = Map.of(
                "/expired", new ListToken(host.url("/expired"), now - 60, now, 60, 1, values, ""),
                "/future", new ListToken(host.url("/future"), now + 3600, now + 7200, 60, 1, values, ""),
                "/another", new ListToken(host.url("/other"), now, now + 3600, 60, 1, values, ""),
                "/no-ttl", new ListToken(host.url("/no-ttl"), now, now + 3600, 0, 1, values, ""),
                "/bits", new ListToken(host.url("/bits"), now, now + 3600, 60, 3, values, ""),
                "/bomb", new ListToken(host.url("/bomb"), now, now + 3600, 60, 8, bomb, ""),
                "/cut", new ListToken(host.url("/cut"), now, now + 3600, 60, 1, new byte[] {0x78, 0x01}, ""));
        for (ListFormat format : ListFormat.values()) {
            StatusChecker checker = checker();
            bad.forEach((path, token) -> {
                serve(path, format, "city-hall", token);
                assertEquals(
                        CredentialStatus.UNAVAILABLE,
                        check(checker, claim(host.url(path), 0), cityHall),
                        format + " " + path);
            });
        }
    }

    @Test
    void a_list_of_another_signer_says_nothing() throws Exception {
        StatusChecker checker = checker();
        serve("/transport", ListFormat.JWT, "transport", token("/transport", 1, 0));
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(host.url("/transport"), 0), leaf("city-hall")));
        assertEquals(CredentialStatus.VALID, check(checker, claim(host.url("/transport"), 0), leaf("transport")));
        // signed with another key than the certificate's
        host.put(
                "/forged",
                ListFormat.JWT_TYPE,
                token("/forged", 1, 0)
                        .sign(
                                ListFormat.JWT,
                                x5c("city-hall"),
                                input -> keyring.sign(Purpose.CREDENTIAL_ISSUER.keyId("transport", 1), input)));
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(host.url("/forged"), 0), leaf("city-hall")));
        // sent as the other form
        host.put(
                "/mixed",
                ListFormat.CWT_TYPE,
                token("/mixed", 1, 0)
                        .sign(
                                ListFormat.JWT,
                                x5c("city-hall"),
                                input -> keyring.sign(Purpose.CREDENTIAL_ISSUER.keyId("city-hall", 1), input)));
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(host.url("/mixed"), 0), leaf("city-hall")));
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(host.url("/absent"), 0), leaf("city-hall")));
    }

    @Test
    void a_copy_is_used_as_long_as_it_may_and_all_who_ask_at_once_wait_for_one() throws Exception {
        Signer cityHall = leaf("city-hall");
        serve("/list", ListFormat.JWT, "city-hall", token("/list", 2, 0, 1));
        StatusChecker checker = checker();
        host.delay(300);
        List<CompletableFuture<CredentialStatus>> asking = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asking.add(checker.check(claim(host.url("/list"), i % 2), cityHall).subscribeAsCompletionStage());
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    i % 2 == 0 ? CredentialStatus.VALID : CredentialStatus.INVALID,
                    asking.get(i).get());
        }
        assertEquals(1, host.asked());
        // past its exp it says nothing any more, even from memory
        clock.now = clock.now.plusSeconds(3601);
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(host.url("/list"), 0), cityHall));
    }

    @Test
    void own_lists_are_current_at_once_and_their_ends_are_known() throws Exception {
        StatusRef place =
                indexes.allocate("city-hall", 2, 1).await().indefinitely().getFirst();
        StatusChecker checker = checker();
        Signer cityHall = leaf("city-hall");
        assertEquals(CredentialStatus.VALID, check(checker, place.toClaim(), cityHall));
        pool.preparedQuery("insert into status_entry (list, index, value, version) values ($1, $2, 1, 0)")
                .execute(Tuple.of(place.list(), place.index()))
                .await()
                .indefinitely();
        assertEquals(CredentialStatus.INVALID, check(checker, place.toClaim(), cityHall));
        assertEquals(CredentialStatus.UNAVAILABLE, check(checker, place.toClaim(), leaf("transport")));
        for (Object bad : new Object[] {1 << 20, Long.MAX_VALUE, -1, "1"}) {
            assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(place.uri(), bad), cityHall), bad + "");
        }
        String prefix = settings.statusLists() + "/";
        for (String uri : List.of(
                prefix,
                prefix + "1",
                prefix + java.util.UUID.randomUUID(),
                place.uri() + "/",
                place.uri() + "?time=1",
                place.uri().toUpperCase(java.util.Locale.ROOT),
                "http://partner.test/x",
                "x",
                "")) {
            assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim(uri, 0), cityHall), uri);
        }
    }

    @Test
    void only_a_credential_without_a_status_needs_none() throws Exception {
        StatusChecker checker = checker();
        Signer cityHall = leaf("city-hall");
        assertEquals(
                CredentialStatus.VALID, checker.check(null, cityHall).await().indefinitely());
        for (Object claim : List.of(
                "valid",
                0,
                List.of(),
                Map.of(),
                Map.of("status_list", 1),
                Map.of("other_mechanism", Map.of("uri", "x")),
                Map.of("status_list", Map.of("idx", 0)),
                Map.of("status_list", Map.of("uri", host.url("/x"))))) {
            assertEquals(CredentialStatus.UNAVAILABLE, check(checker, claim, cityHall), claim.toString());
        }
        assertEquals(0, host.asked());
    }

    @Test
    void the_answer_arrives_where_it_was_asked_for() throws Exception {
        Signer cityHall = leaf("city-hall");
        serve("/list", ListFormat.JWT, "city-hall", token("/list", 2, 0, 1));
        StatusChecker checker = checker();
        List<CompletableFuture<Boolean>> same = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            same.add(answered);
            Context here = vertx.getOrCreateContext();
            here.runOnContext(begun -> checker.check(claim(host.url("/list"), 0), cityHall)
                    .subscribe()
                    .with(status ->
                            answered.complete(Vertx.currentContext() == here && status == CredentialStatus.VALID)));
        }
        for (CompletableFuture<Boolean> answered : same) {
            assertTrue(answered.get(20, TimeUnit.SECONDS));
        }
    }
}
