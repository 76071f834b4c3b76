package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a wallet gets a credential, through the gateway, with the wallet core on the other side. */
@Order(3)
class IssuanceFlowsTest {

    private static Town town;
    private static Town.Citizen minji;
    private static Town.Citizen junho;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
        minji = town.citizen("minji");
        junho = town.citizen("junho");
    }

    // offers, pre-authorized code

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void an_offer_by_reference_is_taken_with_its_transaction_code_and_only_with_it(String type) {
        ObjectNode claims = Personal.licence();
        String offer = town.cityHall.offer(type, minji.sub(), claims);
        JsonNode seen = minji.offer(offer);
        String code = seen.path("tx_code").asText();
        String wrong = code.equals("000000") ? "000001" : "000000";

        WalletCommand.Result guessed =
                minji.wallet().attempt("receive", seen.path("credential_offer").asText(), "--tx-code", wrong);
        JsonNode received = minji.receive(seen.path("credential_offer").asText(), "--tx-code", code);

        assertEquals("invalid_grant", guessed.problemTitle(), guessed.json()::toString);
        assertEquals(claims, claimsOf(received));
        assertIssuedOnce(offer, received);
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void an_offer_by_value_is_taken_and_taking_it_again_gives_the_same(String type) {
        ObjectNode claims = Personal.licence();
        String offer = town.cityHall.offer(type, minji.sub(), claims);
        JsonNode seen = minji.offer(offer);
        String link = seen.path("credential_offer_by_value").asText();

        JsonNode received =
                minji.receive(link, "--tx-code", seen.path("tx_code").asText());
        JsonNode again = minji.receive(link);

        assertEquals(claims, claimsOf(received));
        assertEquals(received.path("id"), again.path("id"));
        assertIssuedOnce(offer, received);
    }

    // authorization code

    @ParameterizedTest
    @ValueSource(strings = {"", "--authorization-details"})
    void a_citizen_signs_in_and_gets_both_formats_by_scope_and_by_authorization_details(String how) {
        int before = TestStack.wire().count();

        JsonNode received = request(minji, how, "citizen", "citizen-mdoc").path("credentials");

        assertEquals(List.of("dc+sd-jwt", "mso_mdoc"), received.findValuesAsText("format"));
        for (JsonNode each : received) {
            assertEquals("민지", claimsOf(each).path("given_name").asText());
            assertEquals("1990-03-14", claimsOf(each).path("birthdate").asText());
        }
        Wire.Head pushed = head("POST /identity/par", before);
        assertFalse(pushed.field("OAuth-Client-Attestation").isEmpty());
        assertFalse(pushed.field("OAuth-Client-Attestation-PoP").isEmpty());
        Wire.Head token = head("POST /identity/token", before);
        assertFalse(token.field("DPoP").isEmpty());
        assertFalse(token.field("OAuth-Client-Attestation").isEmpty());
        assertTrue(head("GET /identity/authorize?", before).address().contains("request_uri="));
        assertTrue(head("GET /identity/authorize/callback?", before).address().contains("code="));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void an_offer_with_issuer_state_is_for_its_holder_alone(String type) {
        ObjectNode claims = Personal.licence();
        String offer = town.cityHall.offer(type, minji.sub(), claims, Desk.AUTHORIZATION_CODE);
        String link = minji.offer(offer).path("credential_offer").asText();

        WalletCommand.Result others = junho.wallet().attemptAs("junho", "receive", link);
        JsonNode received = minji.wallet().runAs("minji", "receive", link).at("/credentials/0");

        assertFalse(others.ok());
        assertEquals(claims, claimsOf(received));
        assertIssuedOnce(offer, received);
    }

    @Test
    void a_type_that_wants_more_assurance_is_issued_after_a_second_factor_only() {
        String[] command = requestFor("", Town.STRICT, Town.STRICT_MDOC);

        WalletCommand.Result noCode = minji.wallet().attemptAs("minji", command);
        WalletCommand.Result noFactor = junho.wallet().attemptAs("junho", command);
        WalletCommand.Result withCode = minji.wallet().attemptWithCode("minji", command);

        assertFalse(noCode.ok());
        assertFalse(noFactor.ok());
        assertTrue(withCode.ok(), withCode.json()::toString);
        assertEquals(2, withCode.json().path("credentials").size());
    }

    // proofs, batches, encryption, metadata

    @ParameterizedTest
    @CsvSource({
        "citizen,--binding,jwk",
        "citizen,--binding,did:jwk",
        "citizen,--binding,did:key",
        "citizen-mdoc,--binding,did:key",
        "citizen,--proof,attestation",
        "citizen-mdoc,--proof,attestation",
        "attested-citizen,--proof,jwt",
        "attested-citizen,--proof,attestation"
    })
    void keys_are_proven_in_every_way_and_several_at_once(String type, String option, String how) {
        JsonNode received = minji.wallet()
                .runAs("minji", "request", type, "--issuer", town.issuer(), "--copies", "3", option, how)
                .at("/credentials/0");

        assertEquals(3, received.path("copies").asInt());
        assertEquals("3", indexesOfNewest(minji.sub(), type));
    }

    @Test
    void requests_and_answers_are_encrypted_metadata_signed_and_the_wallet_says_that_it_has_arrived() {
        String offer = town.cityHall.offer(Town.LICENCE, minji.sub(), Personal.licence());
        int before = TestStack.wire().count();

        minji.receive(offer);

        List<Wire.Head> passed = TestStack.wire().since(before);
        int metadata = indexOf(passed, "GET /.well-known/openid-credential-issuer/identity");
        assertEquals("application/jwt", passed.get(metadata + 1).field("Content-Type"));
        int credential = indexOf(passed, "POST /identity/credential");
        assertEquals("application/jwt", passed.get(credential).field("Content-Type"));
        assertTrue(passed.stream()
                .filter(head -> head.first().startsWith("HTTP/1.1 200"))
                .anyMatch(head -> head.field("Content-Type").equals("application/jwt")
                        && head.field("Cache-Control").equals("no-store")));
        assertEquals(
                List.of("credential_accepted"),
                IdentityDatabase.column("select notified from issuance where offer = ?", offer));
    }

    @Test
    void a_batch_is_of_different_keys_and_copies_that_say_the_same() {
        ObjectNode claims = Personal.licence();
        String offer = town.cityHall.offer(Town.LICENCE_MDOC, minji.sub(), claims);

        JsonNode received = minji.receive(offer, "--copies", "10");

        assertEquals(10, received.path("copies").asInt());
        assertEquals(claims, claimsOf(received));
        assertEquals(
                List.of("10"),
                IdentityDatabase.column(
                        "select count(distinct place) from issuance, unnest(status_indexes) place where offer = ?",
                        offer));
    }

    // deferred

    @ParameterizedTest
    @ValueSource(strings = {Town.PERMIT, Town.PERMIT_MDOC})
    void what_an_agency_decides_later_is_collected_once_it_has(String type) {
        ObjectNode claims = Personal.licence();
        WalletCommand.Result promised = minji.wallet().attemptAs("minji", requestFor("", type, "--timeout", "0"));
        assertEquals("urn:madang:problem:wallet-issuance-deferred", promised.problemType(), promised.json()::toString);

        String request = town.cityHall.pending(type).path("id").asText();
        assertEquals(204, town.cityHall.grant(request, claims).status());
        JsonNode collected = minji.wallet().run("deferred", "--timeout", "60").path("credentials");

        assertEquals(1, collected.size());
        assertEquals(claims, claimsOf(collected.get(0)));
        assertEquals(
                List.of("issued"),
                IdentityDatabase.column("select state from credential_request where id = ?", request));
        assertEquals(409, town.cityHall.grant(request, claims).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.PERMIT, Town.PERMIT_MDOC})
    void what_an_agency_refuses_the_wallet_stops_asking_for(String type) {
        WalletCommand.Result promised = junho.wallet().attemptAs("junho", requestFor("", type, "--timeout", "0"));
        assertEquals("urn:madang:problem:wallet-issuance-deferred", promised.problemType());

        assertEquals(
                204,
                town.cityHall
                        .refuse(town.cityHall.pending(type).path("id").asText())
                        .status());
        WalletCommand.Result refused = junho.wallet().attempt("deferred", "--timeout", "60");

        assertEquals("credential_request_denied", refused.problemTitle(), refused.json()::toString);
        assertEquals(0, junho.wallet().run("deferred").path("deferred").size());
    }

    // refresh

    @ParameterizedTest
    @ValueSource(strings = {"citizen", "citizen-mdoc"})
    void a_credential_is_renewed_by_refresh_with_new_keys(String type) {
        JsonNode received = request(minji, "", type).at("/credentials/0");
        String id = received.path("id").asText();
        String first = minji.wallet().run("show", id).path("credential").asText();

        JsonNode renewed = minji.wallet().run("renew", id).at("/credentials/0");

        assertEquals(id, renewed.path("id").asText());
        assertEquals(claimsOf(received), claimsOf(renewed));
        assertNotEquals(first, minji.wallet().run("show", id).path("credential").asText());
        assertEquals("valid", minji.wallet().run("check", id).path("status").asText());
    }

    // what is asked twice, or for nothing

    @Test
    void what_is_not_offered_or_not_there_is_refused_in_words_that_quote_nothing() {
        ObjectNode claims = Personal.licence();
        claims.put("undeclared", Personal.documentNumber());
        JourneyFailed refused =
                assertThrows(JourneyFailed.class, () -> town.cityHall.offer(Town.LICENCE, minji.sub(), claims));

        assertTrue(refused.getMessage().contains("claims-do-not-match"), refused::getMessage);
        claims.fields()
                .forEachRemaining(claim -> assertFalse(claim.getValue().asText().length() > 2
                        && refused.getMessage().contains(claim.getValue().asText())));
        WalletCommand.Result unknown = minji.wallet().attemptAs("minji", requestFor("", "nonsense"));
        assertEquals("urn:madang:problem:wallet-offer-not-understood", unknown.problemType());
    }

    private static JsonNode request(Town.Citizen citizen, String how, String... types) {
        return citizen.wallet().runAs(citizen.user(), requestFor(how, types));
    }

    private static String[] requestFor(String how, String... types) {
        ArrayList<String> command = new ArrayList<>(List.of("request"));
        command.addAll(List.of(types));
        command.addAll(List.of("--issuer", town.issuer()));
        if (!how.isEmpty()) {
            command.add(how);
        }
        return command.toArray(String[]::new);
    }

    /** Of an mdoc those of its one name space. */
    static ObjectNode claimsOf(JsonNode credential) {
        JsonNode claims = credential.path("claims");
        return (ObjectNode)
                (credential.path("format").asText().equals("mso_mdoc")
                        ? claims.path(credential.path("doctype").asText())
                        : claims);
    }

    private static void assertIssuedOnce(String offer, JsonNode received) {
        assertEquals(
                List.of(received.path("copies").asText()),
                IdentityDatabase.column("select cardinality(status_indexes) from issuance where offer = ?", offer));
        assertEquals(
                List.of("issued"),
                IdentityDatabase.column("select state from credential_offer where id = ? and claims is null", offer));
    }

    private static String indexesOfNewest(String holder, String type) {
        return IdentityDatabase.column("select cardinality(status_indexes) from issuance where holder = '" + holder
                        + "' and credential_type = '" + type + "' order by issued_at desc limit 1")
                .getFirst();
    }

    private static Wire.Head head(String request, int since) {
        List<Wire.Head> passed = TestStack.wire().since(since);
        return passed.get(indexOf(passed, request));
    }

    private static int indexOf(List<Wire.Head> passed, String request) {
        for (int i = passed.size() - 1; i >= 0; i--) {
            if (passed.get(i).first().startsWith(request)) {
                return i;
            }
        }
        throw new JourneyFailed("nothing passed like " + request + ": "
                + passed.stream().map(Wire.Head::first).toList());
    }
}
