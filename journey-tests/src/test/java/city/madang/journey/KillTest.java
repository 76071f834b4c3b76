package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The identity service is killed with {@code kill -9} in the middle of every flow: nothing that was promised is lost, and nothing that was
 * asked once is issued twice. When in the flow, and when in the request, comes of a seed.
 *
 * <p>{@code -Dmadang.kill.rounds=N} plays all flows N times, {@code -Dmadang.kill.seed=S} in another way.
 */
@Order(2)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillTest {

    private static final int ROUNDS = Integer.getInteger("madang.kill.rounds", 1);
    private static final long SEED = Long.getLong("madang.kill.seed", 20);

    /** A request that does everything takes about this long here. */
    private static final int LONGEST_DELAY_MILLIS = 25;

    private static final Duration VISIBLE = Duration.ofSeconds(5);

    /** Offers that were asked for, and the requests that were decided: each was to be issued once. */
    private static final Set<String> ASKED = new ConcurrentSkipListSet<>();

    private static final Set<String> DECIDED = new ConcurrentSkipListSet<>();

    private static Town town;
    private static Town.Citizen minji;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
        minji = town.citizen("minji");
    }

    @AfterEach
    void the_service_is_back() {
        TestStack.get().service(TestStack.IDENTITY).awaitReady();
    }

    /** @param play is given a way to have the service killed at the next request of a kind, and plays the flow to its end */
    private record Flow(String name, String request, Consumer<Runnable> play) {}

    private static List<Flow> flows() {
        return List.of(
                new Flow("an agency makes an offer", "POST /identity/credential-offers", KillTest::offer),
                new Flow("a wallet redeems a code", "POST /identity/token", cut -> issue(cut, Town.LICENCE, "1")),
                new Flow(
                        "a wallet asks for one copy",
                        "POST /identity/credential",
                        cut -> issue(cut, Town.LICENCE, "1")),
                new Flow(
                        "a wallet asks for a batch",
                        "POST /identity/credential",
                        cut -> issue(cut, Town.LICENCE_MDOC, "6")),
                new Flow(
                        "a wallet says that it has it",
                        "POST /identity/notification",
                        cut -> issue(cut, Town.LICENCE, "2")),
                new Flow(
                        "a citizen signs in",
                        "(POST /identity/(par|token)|GET /identity/authorize/callback.*)",
                        KillTest::signIn),
                new Flow("a citizen signs in for an offer", "POST /identity/token", KillTest::signInForOffer),
                new Flow(
                        "an agency decides",
                        "POST /identity/credential-requests/.*/claims",
                        cut -> deferred(cut, null)),
                new Flow("a wallet comes back", "POST /identity/deferred-credential", cut -> deferred(null, cut)),
                new Flow("a wallet renews", "POST /identity/(token|credential)", KillTest::renew),
                new Flow("a wallet answers", "POST /identity/response/.*", KillTest::present),
                new Flow("an agency revokes", "PUT /identity/credentials/.*/status", KillTest::revoke));
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> whenever_the_service_is_killed_the_flow_ends_well_and_only_once() {
        Random random = new Random(SEED);
        List<DynamicTest> tests = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (Flow flow : flows()) {
                Wire.Moment moment = Wire.Moment.values()[random.nextInt(Wire.Moment.values().length)];
                long delay = random.nextInt(LONGEST_DELAY_MILLIS);
                String name = "round %d: %s, killed %s, after %d ms, seed %d"
                        .formatted(round, flow.name(), moment, delay, SEED);
                tests.add(dynamicTest(name, () -> play(flow, moment, delay)));
            }
        }
        return tests.stream();
    }

    private void play(Flow flow, Wire.Moment moment, long delay) {
        var cuts = new ArrayList<Wire.Cut>();
        try {
            flow.play()
                    .accept(() -> cuts.add(TestStack.wire()
                            .cutAt(
                                    flow.request(),
                                    moment,
                                    delay,
                                    TestStack.get().service(TestStack.IDENTITY)::kill)));
            assertEquals(1, cuts.size());
            assertTrue(cuts.getFirst().hasHappened(), "nothing was killed");
        } finally {
            the_service_is_back();
        }
    }

    @Test
    @Order(2)
    void afterwards_each_offer_was_issued_once_each_place_taken_once_and_each_event_told_once_in_effect() {
        for (String offer : ASKED) {
            assertEquals(
                    List.of("1"),
                    IdentityDatabase.column("select count(*) from issuance where offer = ?", offer),
                    offer);
            assertEquals(
                    List.of("issued"),
                    IdentityDatabase.column(
                            "select state from credential_offer where id = ? and claims is null", offer));
        }
        assertEquals(
                List.of(),
                IdentityDatabase.column(
                        "select offer from issuance where offer is not null group by offer having count(*) > 1"));
        assertEquals(
                List.of(),
                IdentityDatabase.column("select status_list || '/' || place from issuance, unnest(status_indexes) place"
                        + " group by status_list, place having count(*) > 1"));
        assertEquals(
                List.of(),
                IdentityDatabase.column("select grant_id from issuance where offer is null"
                        + " group by grant_id, credential_type, holder_keys_sha256 having count(*) > 1"));
        Map<String, Set<String>> told = Events.issued(TestStack.get());
        for (String offer : ASKED) {
            assertEquals(1, told.getOrDefault(offer, Set.of()).size(), () -> "events about " + offer);
        }
        for (String request : DECIDED) {
            String issuance = IdentityDatabase.column("select issuance from credential_request where id = ?", request)
                    .getFirst();
            assertEquals(1, told.getOrDefault(issuance, Set.of()).size(), () -> "events about " + issuance);
        }
    }

    // the flows

    private static void offer(Runnable cut) {
        String count = "select count(*) from credential_offer where holder = '" + minji.sub() + "'";
        int before = Integer.parseInt(IdentityDatabase.column(count).getFirst());
        cut.run();
        String offer = town.cityHall.offer(Town.LICENCE, minji.sub(), Personal.licence());

        assertEquals(before + 1, Integer.parseInt(IdentityDatabase.column(count).getFirst()));
        take(offer, () -> {}, "1");
    }

    private static void issue(Runnable cut, String type, String copies) {
        String offer = town.cityHall.offer(type, minji.sub(), Personal.licence());
        take(offer, cut, copies);
    }

    private static void take(String offer, Runnable cut, String copies) {
        ASKED.add(offer);
        cut.run();
        JsonNode received = resumed(() -> minji.wallet().attempt("receive", offer, "--copies", copies))
                .at("/credentials/0");
        assertHeld(offer, received);
    }

    private static void signIn(Runnable cut) {
        String count =
                "select count(*) from issuance where credential_type = 'citizen' and holder = '" + minji.sub() + "'";
        int before = Integer.parseInt(IdentityDatabase.column(count).getFirst());
        cut.run();
        JsonNode received = resumed(
                        () -> minji.wallet().attemptAs("minji", "request", "citizen", "--issuer", town.issuer()))
                .at("/credentials/0");

        assertEquals("valid", check(received.path("id").asText()));
        assertEquals(before + 1, Integer.parseInt(IdentityDatabase.column(count).getFirst()));
    }

    private static void signInForOffer(Runnable cut) {
        String offer = town.cityHall.offer(Town.LICENCE, minji.sub(), Personal.licence(), Desk.AUTHORIZATION_CODE);
        ASKED.add(offer);
        cut.run();
        JsonNode received = resumed(() -> minji.wallet().attemptAs("minji", "receive", offer))
                .at("/credentials/0");
        assertHeld(offer, received);
    }

    /** Killed when the agency decides, or when the wallet comes back. */
    private static void deferred(Runnable decision, Runnable collection) {
        minji.wallet().attemptAs("minji", "request", Town.PERMIT, "--issuer", town.issuer(), "--timeout", "0");
        String request = town.cityHall.pending(Town.PERMIT).path("id").asText();
        DECIDED.add(request);
        ObjectNode claims = Personal.licence();
        if (decision != null) {
            decision.run();
        }
        int status = town.cityHall.grant(request, claims).status();
        assertTrue(status == 204 || status == 409, () -> "the decision was answered " + status);
        if (collection != null) {
            collection.run();
        }
        JsonNode received = resumed(() -> minji.wallet().attempt("deferred", "--timeout", "60"))
                .path("credentials");

        assertEquals(1, received.size());
        assertEquals(claims, IssuanceFlowsTest.claimsOf(received.get(0)));
        assertEquals(
                List.of(received.at("/0/copies").asText()),
                IdentityDatabase.column(
                        "select cardinality(i.status_indexes) from credential_request r join issuance i on i.id = r.issuance"
                                + " where r.id = ?",
                        request));
    }

    private static void renew(Runnable cut) {
        String held = minji.wallet()
                .runAs("minji", "request", "citizen-mdoc", "--issuer", town.issuer())
                .at("/credentials/0/id")
                .asText();
        cut.run();
        resumed(() -> minji.wallet().attempt("renew", held));

        assertEquals("valid", check(held));
    }

    private static void present(Runnable cut) {
        ObjectNode claims = Personal.licence();
        String held = minji.receive(town.cityHall.offer(Town.LICENCE, minji.sub(), claims))
                .path("id")
                .asText();
        JsonNode asked = town.transport.ask(
                PresentationFlowsTest.asking(PresentationFlowsTest.query("q", Town.LICENCE, "", "category"), ""));
        String id = asked.path("id").asText();
        cut.run();
        Supplier<WalletCommand.Result> answer = () -> minji.wallet()
                .attempt("present", PresentationFlowsTest.link(asked), "--yes", "--credential", "q=" + held);
        WalletCommand.Result answered = answer.get();
        if (!answered.ok() && town.transport.asked(id).path("state").asText().equals("requested")) {
            resumed(answer);
        }

        assertEquals("verified", town.transport.asked(id).path("state").asText());
        assertEquals(
                "B",
                PresentationFlowsTest.disclosed(town.transport.result(id), "q", Town.LICENCE)
                        .path("category")
                        .asText());
        assertEquals(410, town.transport.result(id).status());
    }

    private static void revoke(Runnable cut) {
        String offer = town.cityHall.offer(Town.LICENCE_MDOC, minji.sub(), Personal.licence());
        String held = minji.receive(offer).path("id").asText();
        String issued = town.cityHall.issued(offer).path("id").asText();
        cut.run();
        assertEquals(
                200, town.cityHall.status(issued, "revoked", "data_changed").status());
        Instant deadline = Instant.now().plus(VISIBLE);
        String seen = check(held);
        while (!seen.equals("revoked") && Instant.now().isBefore(deadline)) {
            seen = check(held);
        }

        assertEquals("revoked", seen);
        assertEquals(
                List.of("1"), IdentityDatabase.column("select count(*) from status_change where issuance = ?", issued));
    }

    /** What a person does whose wallet says that something went wrong: the same again, once. */
    private static JsonNode resumed(Supplier<WalletCommand.Result> command) {
        WalletCommand.Result first = command.get();
        if (first.ok()) {
            return first.json();
        }
        TestStack.get().service(TestStack.IDENTITY).awaitReady();
        WalletCommand.Result second = command.get();
        assertTrue(second.ok(), () -> "first " + first.json() + ", then " + second.json());
        return second.json();
    }

    private static void assertHeld(String offer, JsonNode received) {
        assertEquals("valid", check(received.path("id").asText()));
        assertEquals(
                List.of(received.path("copies").asText()),
                IdentityDatabase.column("select cardinality(status_indexes) from issuance where offer = ?", offer));
    }

    private static String check(String held) {
        return minji.wallet().run("check", held).path("status").asText();
    }
}
