package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.europa.ec.eudi.openid4vci.AuthorizeIssuanceConfig;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.multipaz.credential.Credential;
import org.multipaz.document.Document;
import org.multipaz.mdoc.credential.MdocCredential;
import org.multipaz.revocation.RevocationCheckState;

/**
 * Wallets that others wrote get credentials here and show them, through the gateway. What they cannot do, and whose fault it is, is in
 * {@code docs/identity.md}.
 */
@Order(6)
class WalletsOfOthersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Multipaz takes decoys (RFC 9901 §4.2.5) for disclosures that were left out. */
    private static final String OF_DECOYS = "is missing from SD-JWT disclosures";

    private static final String RETURN = "https://transport.example/return?case=8";
    private static final Duration VISIBLE = Duration.ofSeconds(10);

    private static Town town;
    private static String token;
    private static String minji;

    @BeforeAll
    static void a_citizen() throws IOException {
        town = Town.ready();
        token = new SignIn(town.portal).citizen("minji");
        minji = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]))
                .path("sub")
                .asText();
    }

    // EUDI

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void the_eudi_library_takes_an_offer_with_its_transaction_code_and_says_that_it_has_arrived(String type) {
        ObjectNode claims = Personal.licence();
        JsonNode offer = offer(town.cityHall.offer(type, minji, claims));
        EudiWallet wallet = new EudiWallet(town.portal, AuthorizeIssuanceConfig.FAVOR_SCOPES);

        EudiWallet.Issued issued = wallet.fetch(
                wallet.redeem(
                        offer.path("credential_offer").asText(),
                        offer.path("tx_code").asText()),
                type,
                3);
        wallet.accept(issued);

        assertEquals(3, Set.copyOf(issued.copies()).size());
        if (type.equals(Town.LICENCE)) {
            for (String copy : issued.copies()) {
                assertEquals(claims, claimsOf(wallet.verified(copy)));
            }
        }
        assertEquals(
                List.of("credential_accepted"),
                IdentityDatabase.column(
                        "select notified from issuance where offer = ?",
                        offer.path("id").asText()));
    }

    @ParameterizedTest
    @CsvSource({
        "citizen,FAVOR_SCOPES",
        "citizen,AUTHORIZATION_DETAILS",
        "citizen-mdoc,FAVOR_SCOPES",
        "citizen-mdoc,AUTHORIZATION_DETAILS"
    })
    void the_eudi_library_asks_by_scope_and_by_authorization_details(String type, AuthorizeIssuanceConfig how) {
        EudiWallet wallet = new EudiWallet(town.portal, how);

        EudiWallet.Issued issued = wallet.fetch(wallet.redeemAs("minji", askingFor(type)), type, 2);

        assertEquals(2, Set.copyOf(issued.copies()).size());
        if (type.equals("citizen")) {
            assertEquals(
                    "민지",
                    wallet.verified(issued.copies().getFirst())
                            .path("given_name")
                            .asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.PERMIT, Town.PERMIT_MDOC})
    void the_eudi_library_collects_what_an_agency_decided_later_with_a_renewed_token(String type) {
        ObjectNode claims = Personal.licence();
        EudiWallet wallet = new EudiWallet(town.portal, AuthorizeIssuanceConfig.FAVOR_SCOPES);
        EudiWallet.Promised promised = wallet.fetchLater(wallet.redeemAs("minji", askingFor(type)), type, 2);
        int before = TestStack.wire().count();

        town.cityHall
                .grant(town.cityHall.pending(type).path("id").asText(), claims)
                .orFail("granting");
        List<String> collected = wallet.collect(promised);

        assertEquals(2, Set.copyOf(collected).size());
        assertTrue(TestStack.wire().since(before).stream()
                .anyMatch(head -> head.first().startsWith("POST /identity/token")));
        if (type.equals(Town.PERMIT)) {
            assertEquals(claims, claimsOf(wallet.verified(collected.getFirst())));
        }
    }

    // Multipaz

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void multipaz_takes_an_offer_has_nothing_against_it_and_shows_it(String type) {
        ObjectNode claims = Personal.licence();
        MultipazWallet wallet = new MultipazWallet(town.portal);

        assertHasNothingAgainst(wallet, received(wallet, type, claims));

        ObjectNode asked = claims.deepCopy().retain("family_name", "document_number");
        assertEquals(asked, shown(wallet, type, "x509_hash", "family_name", "document_number"));
        assertEquals(asked, shown(wallet, type, "x509_san_dns", "family_name", "document_number"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void multipaz_takes_an_offer_by_value_with_its_transaction_code(String type) {
        JsonNode offer = offer(town.cityHall.offer(type, minji, Personal.licence()));
        MultipazWallet wallet = new MultipazWallet(town.portal);

        assertHasNothingAgainst(
                wallet,
                wallet.receive(
                        offer.path("credential_offer_by_value").asText(),
                        offer.path("tx_code").asText()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"citizen", "citizen-mdoc", Town.ATTESTED})
    void multipaz_asks_for_what_a_sign_in_gives_with_attested_keys(String type) {
        MultipazWallet wallet = new MultipazWallet(town.portal);

        assertHasNothingAgainst(wallet, wallet.requestAs("minji", town.issuer(), type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"citizen", Town.ATTESTED})
    void multipaz_renews_what_it_has_shown_by_refresh(String type) {
        MultipazWallet wallet = new MultipazWallet(town.portal);
        Document document = wallet.requestAs("minji", town.issuer(), type);
        List<String> first = identifiers(wallet.copies(document));
        assertEquals(
                "민지",
                shown(wallet, type, "x509_hash", "given_name")
                        .path("given_name")
                        .asText());

        wallet.renew(document);

        List<String> renewed = identifiers(wallet.copies(document));
        assertEquals(MultipazWallet.COPIES, renewed.size());
        assertEquals(1, renewed.stream().filter(copy -> !first.contains(copy)).count(), "in place of the one shown");
        assertEquals(
                "민지",
                shown(wallet, type, "x509_hash", "given_name")
                        .path("given_name")
                        .asText());
    }

    @Test
    void multipaz_shows_both_formats_at_once_and_the_browser_that_began_brings_the_result_home() {
        ObjectNode claims = Personal.licence();
        MultipazWallet wallet = new MultipazWallet(town.portal);
        received(wallet, Town.LICENCE, claims);
        received(wallet, Town.LICENCE_MDOC, claims);
        JsonNode asked = town.transport.ask("{\"dcql_query\": {\"credentials\": ["
                + PresentationFlowsTest.query("one", Town.LICENCE, "", "category") + ", "
                + PresentationFlowsTest.query("other", Town.LICENCE_MDOC, "", "given_name")
                + "]}, \"redirect_uri\": \"" + RETURN + "\"}");
        HttpClient browser = town.portal.browser();
        Portal.open(browser, asked.path("page_uri").asText());

        String back = Objects.requireNonNull(wallet.present(PresentationFlowsTest.link(asked)));
        String home =
                Portal.open(browser, back).headers().firstValue("Location").orElse("");
        assertTrue(home.startsWith(RETURN + "#response_code="), home);
        JsonNode shown = town.transport
                .result(asked.path("id").asText(), home.substring(home.lastIndexOf('=') + 1))
                .orFail("the result")
                .json()
                .path("credentials");

        assertEquals(claims.deepCopy().retain("category"), shown.path("one"));
        assertEquals(claims.deepCopy().retain("given_name"), shown.path("other").path(Town.doctype(Town.LICENCE_MDOC)));
    }

    @Test
    void multipaz_signs_for_transaction_data() {
        ObjectNode claims = Personal.licence();
        MultipazWallet wallet = new MultipazWallet(town.portal);
        received(wallet, Town.LICENCE, claims);
        JsonNode asked = town.transport.ask(PresentationFlowsTest.asking(
                PresentationFlowsTest.query("q", Town.LICENCE, "", "category"),
                ", \"transaction_data\": [{\"type\": \"" + MultipazWallet.CONSENT
                        + "\", \"credential_ids\": [\"q\"], \"text\": \"the eighth case\"}]"));

        wallet.present(PresentationFlowsTest.link(asked));

        assertEquals(
                claims.deepCopy().retain("category"),
                PresentationFlowsTest.disclosed(
                        town.transport.result(asked.path("id").asText()), "q", Town.LICENCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void multipaz_reads_in_both_kinds_of_lists_how_a_credential_stands(String type) {
        MultipazWallet wallet = new MultipazWallet(town.portal);
        String offer = town.cityHall.offer(type, minji, Personal.licence(), Desk.AUTHORIZATION_CODE);
        Document document = wallet.receiveAs(
                "minji", offer(offer).path("credential_offer_by_value").asText());
        Credential copy = wallet.copies(document).getFirst();
        String issued = town.cityHall.issued(offer).path("id").asText();

        assertShows(RevocationCheckState.VALID, wallet, copy);
        if (type.equals(Town.LICENCE)) {
            town.cityHall.status(issued, "suspended", "under_review").orFail("suspending");
            assertShows(RevocationCheckState.SUSPENDED, wallet, copy);
        }
        town.cityHall.status(issued, "revoked", "entitlement_ended").orFail("revoking");
        assertShows(RevocationCheckState.INVALID, wallet, copy);
    }

    private static Document received(MultipazWallet wallet, String type, ObjectNode claims) {
        String offer = town.cityHall.offer(type, minji, claims, Desk.AUTHORIZATION_CODE);
        return wallet.receiveAs(
                "minji", offer(offer).path("credential_offer_by_value").asText());
    }

    private static void assertHasNothingAgainst(MultipazWallet wallet, Document document) {
        assertEquals(MultipazWallet.COPIES, wallet.copies(document).size());
        for (Credential copy : wallet.copies(document)) {
            List<String> findings = wallet.findings(copy);
            assertEquals(
                    List.of(),
                    findings.stream()
                            .filter(finding -> !finding.contains(OF_DECOYS))
                            .toList());
        }
    }

    private static JsonNode shown(MultipazWallet wallet, String type, String prefix, String... claims) {
        JsonNode asked = town.transport.ask(PresentationFlowsTest.asking(
                PresentationFlowsTest.query("q", type, "", claims), ", \"client_id_prefix\": \"" + prefix + "\""));
        wallet.present(PresentationFlowsTest.link(asked));
        return PresentationFlowsTest.disclosed(
                town.transport.result(asked.path("id").asText()), "q", type);
    }

    /** The list of mdocs leads to their authority as CWT alone (ISO/IEC 18013-5 §12.3.6.2). */
    private static void assertShows(RevocationCheckState state, MultipazWallet wallet, Credential copy) {
        boolean mdoc = copy instanceof MdocCredential;
        for (boolean asJwt : mdoc ? new boolean[] {false} : new boolean[] {false, true}) {
            Instant deadline = Instant.now().plus(VISIBLE);
            RevocationCheckState seen = wallet.status(copy, asJwt);
            while (seen != state && Instant.now().isBefore(deadline)) {
                Portal.pause();
                seen = wallet.status(copy, asJwt);
            }
            assertEquals(state, seen, asJwt ? "JWT" : "CWT");
        }
    }

    private static List<String> identifiers(List<Credential> copies) {
        return copies.stream().map(Credential::getIdentifier).toList();
    }

    private static JsonNode claimsOf(JsonNode verified) {
        return ((ObjectNode) verified).retain("family_name", "given_name", "birthdate", "document_number", "category");
    }

    /** An offer as its holder sees it. */
    private static JsonNode offer(String id) {
        for (JsonNode each :
                town.portal.get("/identity/credential-offers?limit=200", token).path("items")) {
            if (each.path("id").asText().equals(id)) {
                return each;
            }
        }
        throw new JourneyFailed("the holder does not see offer " + id);
    }

    /** An offer of nobody's, with which whoever signs in asks for a type. */
    private static String askingFor(String type) {
        String offer = "{\"credential_issuer\":\"" + town.issuer() + "\",\"credential_configuration_ids\":[\"" + type
                + "\"],\"grants\":{\"authorization_code\":{}}}";
        return "openid-credential-offer://?credential_offer=" + URLEncoder.encode(offer, StandardCharsets.UTF_8);
    }
}
