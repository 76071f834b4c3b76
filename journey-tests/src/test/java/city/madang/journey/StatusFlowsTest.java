package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a credential after it was issued: everybody sees it, and soon. */
@Order(5)
class StatusFlowsTest {

    /** What is promised: a change shows within this time. */
    private static final Duration VISIBLE = Duration.ofSeconds(5);

    private static Town town;
    private static Town.Citizen minji;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
        minji = town.citizen("minji");
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void suspended_resumed_revoked_each_shows_within_seconds_and_the_verifier_goes_by_it(String type) {
        String offer = town.cityHall.offer(type, minji.sub(), Personal.licence());
        String held = minji.receive(offer, "--copies", "10").path("id").asText();
        String issued = town.cityHall.issued(offer).path("id").asText();
        assertEquals("valid", check(held));
        assertTrue(isAccepted(type, held));

        if (type.equals(Town.LICENCE_MDOC)) {
            // ISO/IEC 18013-5 §12.3.6.5: a list for mdocs says valid or not
            assertEquals(
                    409,
                    town.cityHall.status(issued, "suspended", "under_review").status());
        } else {
            change(issued, "suspended", "under_review");
            assertShows("suspended", held);
            assertRefusedForItsStatus(type, held);

            change(issued, "valid", "review_closed");
            assertShows("valid", held);
            assertTrue(isAccepted(type, held));
        }

        change(issued, "revoked", "entitlement_ended");
        assertShows("revoked", held);
        assertRefusedForItsStatus(type, held);
        assertEquals(409, town.cityHall.status(issued, "valid", "review_closed").status());
        assertEquals(
                404, town.transport.status(issued, "revoked", "issued_in_error").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"citizen", "citizen-mdoc"})
    void what_is_revoked_is_not_renewed(String type) {
        String held = minji.wallet()
                .runAs("minji", "request", type, "--issuer", town.issuer())
                .at("/credentials/0/id")
                .asText();
        String issued = IdentityDatabase.column("select id from issuance where holder = '" + minji.sub()
                        + "' and credential_type = '" + type + "' order by issued_at desc limit 1")
                .getFirst();

        change(issued, "revoked", "data_changed");

        assertShows("revoked", held);
        assertFalse(minji.wallet().attempt("renew", held).ok());
        assertEquals("revoked", check(held));
    }

    private static void change(String issued, String status, String reason) {
        Portal.Answer answer = town.cityHall.status(issued, status, reason).orFail(status);
        assertEquals(status, answer.json().path("status").asText());
    }

    private static String check(String held) {
        return minji.wallet().run("check", held).path("status").asText();
    }

    private static void assertShows(String status, String held) {
        Instant deadline = Instant.now().plus(VISIBLE);
        String seen = check(held);
        while (!seen.equals(status) && Instant.now().isBefore(deadline)) {
            seen = check(held);
        }
        assertEquals(status, seen);
    }

    private static JsonNode ask(String type) {
        return town.transport.ask(
                PresentationFlowsTest.asking(PresentationFlowsTest.query("q", type, "", "category"), ""));
    }

    private static boolean isAccepted(String type, String held) {
        JsonNode asked = ask(type);
        minji.wallet().run("present", PresentationFlowsTest.link(asked), "--yes", "--credential", "q=" + held);
        return town.transport.result(asked.path("id").asText()).status() == 200;
    }

    private static void assertRefusedForItsStatus(String type, String held) {
        JsonNode asked = ask(type);
        WalletCommand.Result shown = minji.wallet()
                .attempt("present", PresentationFlowsTest.link(asked), "--yes", "--credential", "q=" + held);
        JsonNode seen = town.transport.asked(asked.path("id").asText());

        assertFalse(shown.ok());
        assertEquals("status", seen.at("/failure/step").asText());
        assertFalse(shown.json().toString().contains("suspended")
                || shown.json().toString().contains("revoked"));
    }
}
