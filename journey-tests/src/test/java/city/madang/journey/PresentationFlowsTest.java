package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a wallet shows a credential, through the gateway, to an agency that has not issued it. */
@Order(4)
class PresentationFlowsTest {

    private static final String RETURN = "https://transport.example/return?case=7";

    private static Town town;
    private static Town.Citizen minji;
    private static final ObjectNode LICENCE = Personal.licence();
    private static final ObjectNode OTHER = Personal.licence();

    @BeforeAll
    static void a_citizen_with_licences() {
        town = Town.ready();
        minji = town.citizen("minji");
        for (String type : List.of(Town.LICENCE, Town.LICENCE_MDOC)) {
            minji.receive(town.cityHall.offer(type, minji.sub(), LICENCE));
        }
    }

    // another device

    @ParameterizedTest
    @CsvSource({
        "driving-licence,x509_hash,direct_post.jwt",
        "driving-licence-mdoc,x509_hash,direct_post.jwt",
        "driving-licence,x509_san_dns,direct_post.jwt",
        "driving-licence-mdoc,x509_san_dns,direct_post",
        "driving-licence,decentralized_identifier,direct_post.jwt",
        "driving-licence-mdoc,decentralized_identifier,direct_post.jwt",
        "driving-licence,x509_hash,direct_post"
    })
    void an_agency_gets_exactly_what_it_asked_for_and_can_read_it_once(String type, String prefix, String mode) {
        JsonNode asked = town.transport.ask(asking(
                query("q", type, "", "family_name", "document_number"),
                ", \"client_id_prefix\": \"" + prefix + "\", \"response_mode\": \"" + mode + "\""));
        String id = asked.path("id").asText();

        JsonNode shown = minji.wallet().run("present", link(asked), "--yes");
        Portal.Answer result = town.transport.result(id);

        assertTrue(link(asked).contains(prefix), link(asked));
        assertEquals(mode.endsWith("jwt"), shown.path("encrypted").asBoolean());
        assertEquals(licence("family_name", "document_number"), disclosed(result, "q", type));
        assertEquals(410, town.transport.result(id).status());
        assertEquals(404, town.cityHall.result(id).status());
        assertRefusedWhenSentAgain(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void a_request_is_fetched_by_get_and_by_post_with_the_wallets_nonce(String type) {
        for (String method : List.of("GET", "POST")) {
            JsonNode asked = town.transport.ask(asking(query("q", type, "", "category"), ""));
            String link = method.equals("GET") ? link(asked).replace("&request_uri_method=post", "") : link(asked);
            int before = TestStack.wire().count();

            minji.wallet().run("present", link, "--yes");

            assertTrue(TestStack.wire().since(before).stream()
                    .anyMatch(head -> head.first().startsWith(method + " /identity/request/")));
            assertEquals(
                    licence("category"),
                    disclosed(town.transport.result(asked.path("id").asText()), "q", type));
        }
    }

    // the same device

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void on_the_same_device_the_browser_that_began_brings_the_result_home_and_no_other(String type) {
        JsonNode asked = town.transport.ask(
                asking(query("q", type, "", "family_name"), ", \"redirect_uri\": \"" + RETURN + "\""));
        String id = asked.path("id").asText();
        HttpClient browser = town.portal.browser();
        HttpResponse<String> page = Portal.open(browser, asked.path("page_uri").asText());

        String back = minji.wallet()
                .run("present", link(asked), "--yes")
                .path("redirect_uri")
                .asText();
        HttpResponse<String> others = Portal.open(town.portal.browser(), back);
        HttpResponse<String> way = Portal.open(browser, back);
        String home = way.headers().firstValue("Location").orElse("");

        assertEquals(200, page.statusCode());
        assertTrue(page.headers().firstValue("Set-Cookie").orElse("").startsWith("__Secure-"));
        assertEquals(403, others.statusCode());
        assertEquals(303, way.statusCode());
        assertTrue(home.startsWith(RETURN + "#response_code="), home);
        assertEquals(403, town.transport.result(id).status());
        assertEquals(
                403,
                town.transport
                        .result(id, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                        .status());
        assertEquals(
                licence("family_name"),
                disclosed(
                        town.transport.result(id, home.substring(home.indexOf('=', RETURN.length()) + 1)), "q", type));
    }

    // what is asked

    @Test
    void transaction_data_are_shown_signed_for_and_checked() {
        JsonNode asked = town.transport.ask(asking(
                query("q", Town.LICENCE, "", "category"),
                ", \"transaction_data\": [{\"type\": \"city.madang.consent\", \"credential_ids\": [\"q\"],"
                        + " \"text\": \"the seventh case\"}]"));

        JsonNode shown = minji.wallet().run("present", link(asked), "--yes");

        assertEquals("the seventh case", shown.at("/transaction_data/0/text").asText());
        assertEquals(
                licence("category"),
                disclosed(town.transport.result(asked.path("id").asText()), "q", Town.LICENCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void of_claim_sets_the_first_that_can_be_met_is_shown(String type) {
        String claims = claims(type, List.of("family_name", "category"))
                .replaceFirst("\\{", "{\"id\": \"a\", ")
                .replaceFirst(", \\{", ", {\"id\": \"b\", \"values\": [\"C\"], ");
        String query = query("q", type, ", \"claim_sets\": [[\"b\"], [\"a\"]]", "family_name", "category")
                .replace(claims(type, List.of("family_name", "category")), claims);
        JsonNode asked = town.transport.ask(asking(query, ""));

        minji.wallet().run("present", link(asked), "--yes");

        assertEquals(
                licence("family_name"),
                disclosed(town.transport.result(asked.path("id").asText()), "q", type));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void of_credential_sets_an_option_that_can_be_met_is_shown_and_what_is_optional_only_if_wished(String type) {
        JsonNode asked = town.transport.ask("{\"dcql_query\": {\"credentials\": ["
                + query("permit", Town.PERMIT, "", "category") + ", "
                + query("licence", type, "", "category") + ", "
                + query("extra", type, "", "given_name")
                + "], \"credential_sets\": [{\"options\": [[\"permit\"], [\"licence\"]]},"
                + " {\"options\": [[\"extra\"]], \"required\": false}]}}");

        WalletCommand holder = holderOf(type);
        holder.run("present", link(asked), "--yes");
        JsonNode credentials = town.transport
                .result(asked.path("id").asText())
                .orFail("result")
                .json()
                .path("credentials");

        assertEquals(List.of("licence"), List.copyOf(fieldNames(credentials)));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void values_and_authorities_choose_and_what_does_not_fit_is_never_shown(String type) {
        String number = LICENCE.path("document_number").asText();
        String fits = valued(type, number);
        String fitsNot = valued(type, OTHER.path("document_number").asText());
        String foreign = query(
                "q",
                type,
                ", \"trusted_authorities\": [{\"type\": \"aki\", \"values\": [\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"]}]",
                "category");

        JsonNode asked = town.transport.ask(asking(fits, ""));
        minji.wallet().run("present", link(asked), "--yes");
        WalletCommand.Result otherValue =
                minji.wallet().attempt("present", link(town.transport.ask(asking(fitsNot, ""))), "--yes");
        WalletCommand.Result otherAuthority =
                minji.wallet().attempt("present", link(town.transport.ask(asking(foreign, ""))), "--yes");

        assertEquals(
                licence("document_number"),
                disclosed(town.transport.result(asked.path("id").asText()), "q", type));
        assertEquals("urn:madang:problem:wallet-no-matching-credential", otherValue.problemType());
        assertEquals("urn:madang:problem:wallet-no-matching-credential", otherAuthority.problemType());
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void an_authority_that_certified_the_issuer_is_found_by_its_key_identifier(String type) {
        String query = query(
                "q",
                type,
                ", \"trusted_authorities\": [{\"type\": \"aki\", \"values\": [\"" + authorityKey(type) + "\"]}]",
                "category");
        JsonNode asked = town.transport.ask(asking(query, ""));

        minji.wallet().run("present", link(asked), "--yes");

        assertEquals(
                licence("category"),
                disclosed(town.transport.result(asked.path("id").asText()), "q", type));
    }

    @ParameterizedTest
    @ValueSource(strings = {Town.LICENCE, Town.LICENCE_MDOC})
    void whoever_declines_shows_nothing_and_the_agency_knows(String type) {
        JsonNode asked = town.transport.ask(asking(query("q", type, "", "category"), ""));
        String id = asked.path("id").asText();

        JsonNode declined = minji.wallet().run("present", link(asked), "--decline");

        assertFalse(declined.path("presented").asBoolean(true));
        assertEquals("declined", town.transport.asked(id).path("state").asText());
        assertEquals(
                "access_denied", town.transport.asked(id).path("wallet_error").asText());
        assertEquals(410, town.transport.result(id).status());
    }

    @Test
    void nothing_is_shown_without_consent_and_a_forged_request_is_not_answered() {
        JsonNode asked = town.transport.ask(asking(query("q", Town.LICENCE, "", "category"), ""));

        WalletCommand.Result unasked = minji.wallet().attempt("present", link(asked));
        WalletCommand.Result forged =
                minji.wallet().attempt("present", link(asked).replace("x509_hash%3A", "x509_hash%3AA"), "--yes");

        assertEquals("urn:madang:problem:wallet-consent-needed", unasked.problemType());
        assertEquals("urn:madang:problem:wallet-bad-request-object", forged.problemType());
        assertEquals(
                "requested",
                town.transport.asked(asked.path("id").asText()).path("state").asText());
    }

    // queries

    static String asking(String credentialQuery, String more) {
        return "{\"dcql_query\": {\"credentials\": [" + credentialQuery + "]}" + more + "}";
    }

    static String query(String id, String type, String more, String... claims) {
        String meta = isMdoc(type)
                ? "\"format\": \"mso_mdoc\", \"meta\": {\"doctype_value\": \"" + Town.doctype(type) + "\"}"
                : "\"format\": \"dc+sd-jwt\", \"meta\": {\"vct_values\": [\""
                        + Town.ready().vct(type) + "\"]}";
        return "{\"id\": \"" + id + "\", " + meta + ", \"claims\": [" + claims(type, List.of(claims)) + "]" + more
                + "}";
    }

    private static String claims(String type, List<String> names) {
        String space = isMdoc(type) ? "\"" + Town.doctype(type) + "\", " : "";
        return String.join(
                ", ",
                names.stream()
                        .map(name -> "{\"path\": [" + space + "\"" + name + "\"]}")
                        .toList());
    }

    private static String valued(String type, String number) {
        String claim = claims(type, List.of("document_number"));
        return query("q", type, "", "document_number")
                .replace(claim, claim.replaceFirst("\\{", "{\"values\": [\"" + number + "\"], "));
    }

    static boolean isMdoc(String type) {
        return type.endsWith("-mdoc");
    }

    static String link(JsonNode asked) {
        return asked.path("authorization_request").asText();
    }

    /** A wallet that holds nothing but one licence. */
    private static WalletCommand holderOf(String type) {
        Town.Citizen junho = town.citizen("junho");
        junho.receive(town.cityHall.offer(type, junho.sub(), Personal.licence()));
        return junho.wallet();
    }

    // answers

    private static ObjectNode licence(String... claims) {
        return LICENCE.deepCopy().retain(claims);
    }

    static JsonNode disclosed(Portal.Answer result, String query, String type) {
        JsonNode claims = result.orFail("the result").json().path("credentials").path(query);
        return isMdoc(type) ? claims.path(Town.doctype(type)) : claims;
    }

    private static void assertRefusedWhenSentAgain(JsonNode asked) {
        WalletCommand.Result again = minji.wallet().attempt("present", link(asked), "--yes");
        assertFalse(again.ok());
    }

    private static List<String> fieldNames(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** Key identifier of the agency CA, from the issuer's own chain. */
    /** Of the agency CA, or for an mdoc of the IACA. */
    private static String authorityKey(String type) {
        String purpose = isMdoc(type) ? "document-signer" : "credential-issuer";
        try {
            JsonNode chain = null;
            for (JsonNode each :
                    town.portal.get("/identity/agencies/city-hall", null).path("certificates")) {
                if (each.path("purpose").asText().equals(purpose)) {
                    chain = each.at("/x5c/0");
                }
            }
            var certificate =
                    (java.security.cert.X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509")
                            .generateCertificate(new java.io.ByteArrayInputStream(
                                    java.util.Base64.getDecoder().decode(chain.asText())));
            byte[] extension = org.bouncycastle.asn1.x509.AuthorityKeyIdentifier.getInstance(
                            org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils.parseExtensionValue(
                                    certificate.getExtensionValue("2.5.29.35")))
                    .getKeyIdentifierOctets();
            return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(extension);
        } catch (java.security.cert.CertificateException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
