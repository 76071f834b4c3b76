package city.madang.identity;

import static city.madang.identity.WalletSession.refused;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credential configurations are data: an agency declares, changes and withdraws them, and wallets see it at once. */
@QuarkusTest
class CredentialTypesTest {

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private static ValidatableResponse configuration(String type) {
        return given().get("/.well-known/openid-credential-issuer/identity")
                .then()
                .statusCode(200)
                .root("credential_configurations_supported.'" + type + "'");
    }

    private static Response withdraw(String agency, String type) {
        return TestCity.agency(agency).delete("/identity/credential-types/" + type);
    }

    @Test
    void what_an_agency_declares_stands_in_the_metadata_in_every_language() {
        String id = TestTypes.id("card");
        Map<String, Object> declaration = TestTypes.sdJwt(id);
        Map<String, Object> korean = Map.of(
                "name",
                "회원증",
                "locale",
                "ko",
                "description",
                "도서관",
                "background_color",
                "#0b5fa5",
                "text_color",
                "#FFFFFF",
                "logo",
                Map.of("uri", "data:image/png;base64,iVBORw0KGgo=", "alt_text", "책"));
        declaration.put(
                "display",
                List.of(korean, Map.of("name", "Card", "locale", "en"), Map.of("name", "会員証", "locale", "ja-JP")));
        declaration.put("batch_size", 7);
        declaration.put("acr", "2");
        declaration.put("validity_days", 90);
        declaration.put("status_bits", 8);
        declaration.put("key_attestation", Map.of("key_storage", List.of("iso_18045_high")));
        TestTypes.put("city-hall", id, declaration)
                .then()
                .statusCode(200)
                .body("agency", equalTo("city-hall"))
                .body("vct", equalTo(TestWallet.ISSUER + "/vct/" + id))
                .body("batch_size", equalTo(7))
                .body("acr", equalTo("2"))
                .body("status_bits", equalTo(8));
        configuration(id)
                .body("format", equalTo("dc+sd-jwt"))
                .body("scope", equalTo(id))
                .body("credential_metadata.display[0]", equalTo(korean))
                .body("credential_metadata.display.locale", equalTo(List.of("ko", "en", "ja-JP")))
                .body("credential_metadata.claims[0].mandatory", equalTo(true))
                .body("credential_metadata.claims.path", equalTo(List.of(List.of("name"), List.of("since"))))
                .body("proof_types_supported.jwt.key_attestations_required", hasKey("key_storage"));
        given().get("/.well-known/oauth-authorization-server/identity").then().body("scopes_supported", hasItem(id));
        // declared anew: what wallets show changes at once
        declaration.put("display", Map.of("ko", "새 회원증", "en", "New card"));
        declaration.remove("key_attestation");
        declaration.put("batch_size", 3);
        TestTypes.put("city-hall", id, declaration).then().statusCode(200).body("batch_size", equalTo(3));
        configuration(id)
                .body("credential_metadata.display.name", equalTo(List.of("새 회원증", "New card")))
                .body("proof_types_supported.jwt", not(hasKey("key_attestations_required")));
    }

    /** SD-JWT VC §6.2, §8 and §9: what a reader who knows the standard alone does not know is not there. */
    @Test
    void type_metadata_holds_nothing_but_what_the_standard_names() {
        String id = TestTypes.declare("plain", false);
        var type = given().get("/identity/vct/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertEquals(Set.of("vct", "name", "display", "claims"), type.getMap("").keySet());
        for (Map<String, ?> display : type.<Map<String, ?>>getList("display")) {
            assertEquals(Set.of("name", "locale"), display.keySet());
        }
        for (Map<String, ?> claim : type.<Map<String, ?>>getList("claims")) {
            assertEquals(Set.of("path", "display", "mandatory", "sd"), claim.keySet());
            assertEquals(
                    List.of(Set.of("label", "locale")),
                    ((List<?>) claim.get("display"))
                            .stream().map(label -> ((Map<?, ?>) label).keySet()).toList());
        }
    }

    /** ISO/IEC 18013-5 (second edition) §12.3.6.5. */
    @Test
    void a_list_for_mdocs_has_one_bit_for_each_so_that_they_are_revoked_and_not_suspended() {
        for (int bits : List.of(2, 8)) {
            String id = TestTypes.id("mdoc");
            Map<String, Object> wide = TestTypes.mdoc(id);
            wide.put("status_bits", bits);
            TestTypes.put("city-hall", id, wide).then().statusCode(400);
        }
        String id = TestTypes.declare("mdoc", true);
        Map<String, Object> announced = TestTypes.offer(id);
        WalletSession.redeem(announced)
                .jwt(id, new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200);
        String issued = TestCity.agency("city-hall")
                .get("/identity/credentials?offer=" + announced.get("id"))
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");
        TestStatus.put(TestTokens.client("city-hall"), UUID.fromString(issued), "suspended", "under_review")
                .then()
                .statusCode(409);
        TestStatus.put(TestTokens.client("city-hall"), UUID.fromString(issued), "revoked", "issued_in_error")
                .then()
                .statusCode(200);
    }

    @Test
    void owner_format_and_name_of_a_type_never_change() {
        String id = TestTypes.declare("fixed", false);
        TestTypes.put("transport", id, TestTypes.sdJwt(id)).then().statusCode(409);
        TestTypes.put("city-hall", id, TestTypes.mdoc(id)).then().statusCode(409);
        Map<String, Object> other = TestTypes.sdJwt(id);
        other.put("vct_name", TestTypes.id("other"));
        TestTypes.put("city-hall", id, other).then().statusCode(409);
        String second = TestTypes.id("second");
        Map<String, Object> taken = TestTypes.sdJwt(second);
        taken.put("vct_name", id);
        TestTypes.put("city-hall", second, taken)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:madang:problem:credential-type-taken"));
        configuration(id).body("vct", equalTo(TestWallet.ISSUER + "/vct/" + id));
    }

    @Test
    void a_withdrawn_type_is_issued_no_more_and_what_was_issued_stays_what_it_is() {
        String type = TestTypes.declare("gone", false);
        WalletSession holder = WalletSession.redeem(TestTypes.offer(type));
        var issued = holder.jwt(type, new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200)
                .extract();
        Map<String, Object> open = TestTypes.offer(type);
        WalletSession redeemed = WalletSession.redeem(TestTypes.offer(type));
        WalletSession waiting = WalletSession.signIn("junho", type);
        String transaction = waiting.jwt(type, new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(202)
                .extract()
                .path("transaction_id");
        HaipWallet signedIn = new HaipWallet();
        String code = signedIn.code("junho", "scope", type);
        byte[] document = given().get("/identity/vct/" + type).asByteArray();

        assertEquals(
                withdraw("transport", TestTypes.id("none")).<String>path("detail"),
                withdraw("transport", type).then().statusCode(404).extract().path("detail"));
        for (int i = 0; i < 2; i++) {
            withdraw("city-hall", type).then().statusCode(204);
        }

        configuration(type).body("format", nullValue());
        given().get("/.well-known/oauth-authorization-server/identity")
                .then()
                .body("scopes_supported", not(hasItem(type)));
        // offers end, with what was in them
        given().get(TestWallet.path((String) open.get("credential_offer_uri")))
                .then()
                .statusCode(404);
        TestCity.citizen("minji")
                .get("/identity/credential-offers/" + open.get("id"))
                .then()
                .statusCode(200)
                .body("state", equalTo("withdrawn"))
                .body("tx_code", nullValue());
        refused(
                redeemed.jwt(type, new TestWallet().proof(TestWallet.nonce())),
                400,
                "unknown_credential_configuration");
        refused(
                waiting.post("/identity/deferred-credential", Map.of("transaction_id", transaction)),
                400,
                "credential_request_denied");
        HaipWallet later = new HaipWallet();
        refused(later.push(later.request("scope", type)), 400, "invalid_scope");
        String token = signedIn.token(signedIn.exchange(code)).path("access_token");
        refused(
                new WalletSession(token, signedIn).jwt(type, new TestWallet().proof(TestWallet.nonce())),
                400,
                "unknown_credential_configuration");
        TestCity.agency("city-hall")
                .body(Map.of(
                        "credential_configuration_id",
                        type,
                        "holder",
                        city.madang.devstack.testing.TestTokens.subject("minji"),
                        "claims",
                        Map.of("name", "민지")))
                .post("/identity/credential-offers")
                .then()
                .statusCode(400);
        // the credential that is out there: same type metadata, and its holder and agency still manage it
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                document,
                given().get("/identity/vct/" + type)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray());
        TestCity.citizen("minji")
                .get("/identity/credentials/" + issued.path("notification_id"))
                .then()
                .statusCode(200)
                .body("status", equalTo("valid"));
        // nobody else can take the name; its agency can bring the type back
        TestTypes.put("transport", type, TestTypes.sdJwt(type)).then().statusCode(409);
        TestTypes.put("city-hall", type, TestTypes.sdJwt(type)).then().statusCode(200);
        configuration(type).body("format", equalTo("dc+sd-jwt"));
        WalletSession.redeem(TestTypes.offer(type))
                .jwt(type, new TestWallet().proof(TestWallet.nonce()))
                .then()
                .statusCode(200);
    }

    @Test
    void hostile_declarations_are_refused_and_change_nothing() {
        String id = TestTypes.declare("sound", false);
        Map<String, Object> before = view(id);
        List<Object> deep = new ArrayList<>();
        Object nested = "x";
        for (int i = 0; i < 30; i++) {
            nested = Map.of("a", nested);
        }
        deep.add(nested);
        List<Map<String, Object>> fiftyOne = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            fiftyOne.add(Map.of("path", List.of("c" + i)));
        }
        List<Map<String, Object>> twentyOne = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            twentyOne.add(Map.of("name", "a", "locale", "x" + (char) ('a' + i)));
        }
        Map<String, List<Object>> wrong = new LinkedHashMap<>();
        wrong.put(
                "claims",
                List.of(
                        List.of(),
                        fiftyOne,
                        List.of(Map.of("path", List.of("iss"))),
                        List.of(Map.of("path", List.of("_sd"))),
                        List.of(Map.of("path", List.of("..."))),
                        List.of(Map.of("path", List.of("a", "_sd_alg"))),
                        List.of(Map.of("path", List.of())),
                        List.of(Map.of("path", "name")),
                        List.of(Map.of("path", List.of(1))),
                        List.of(Map.of("path", List.of("a", "b", "c", "d", "e", "f"))),
                        List.of(Map.of("path", List.of("x".repeat(65)))),
                        List.of(Map.of("path", List.of("a")), Map.of("path", List.of("a"))),
                        List.of(Map.of("path", List.of("a"), "mandatory", "yes")),
                        List.of(Map.of("path", List.of("a"), "unknown", 1)),
                        List.of(Map.of(
                                "path",
                                List.of("a"),
                                "display",
                                List.of(Map.of("name", "a", "locale", "ko"), Map.of("name", "b", "locale", "KO")))),
                        deep));
        wrong.put(
                "display",
                List.of(
                        List.of(),
                        twentyOne,
                        "name",
                        Map.of("ko", "a"),
                        Map.of("ko", "a", "en", "b", "fr", "c"),
                        Map.of("ko", "", "en", "b"),
                        List.of(Map.of("name", "a")),
                        List.of(Map.of("name", "a", "locale", "not a tag")),
                        List.of(Map.of("name", "a\u0000b", "locale", "en")),
                        List.of(Map.of("name", "x".repeat(201), "locale", "en")),
                        List.of(Map.of("name", "a", "locale", "en"), Map.of("name", "b", "locale", "EN")),
                        List.of(Map.of("name", "a", "locale", "en", "background_color", "red;}")),
                        List.of(Map.of("name", "a", "locale", "en", "logo", Map.of("uri", "javascript:alert(1)"))),
                        List.of(Map.of("name", "a", "locale", "en", "logo", Map.of("uri", "http://a.example/x.png"))),
                        List.of(Map.of(
                                "name", "a", "locale", "en", "logo", Map.of("uri", "data:text/html;base64,AAAA"))),
                        List.of(Map.of(
                                "name",
                                "a",
                                "locale",
                                "en",
                                "logo",
                                Map.of("uri", "data:image/png;base64," + "A".repeat(17_000)))),
                        deep));
        wrong.put("validity_days", List.of(0, -1, 3651, "x", 1.5, "90", 4_000_000_000L));
        wrong.put("batch_size", List.of(0, 21, -1, "many"));
        wrong.put("status_bits", List.of(3, 4, -1, 16));
        wrong.put("acr", List.of("", "1 2", "a\u0000", "x".repeat(201)));
        wrong.put("source", List.of("somewhere", ""));
        wrong.put("format", List.of("vc+sd-jwt", "jwt_vc_json", ""));
        wrong.put("doctype", List.of("city.madang.x"));
        wrong.put("vct_name", List.of("", "../jwks", "A", "x".repeat(40)));
        wrong.put(
                "key_attestation",
                List.of(
                        "high",
                        Map.of("key_storage", "high"),
                        Map.of("key_storage", List.of("")),
                        Map.of("unknown", 1)));
        wrong.put("unknown_member", List.of(1));
        wrong.forEach((member, values) -> values.forEach(value -> {
            Map<String, Object> declaration = TestTypes.sdJwt(id);
            declaration.put(member, value);
            Response response = TestTypes.put("city-hall", id, declaration);
            assertEquals(400, response.statusCode(), member + " " + value + ": " + response.asString());
            response.then().contentType("application/problem+json");
        }));
        for (String slug : List.of("A", "a", "x".repeat(40), "a%20b", "..%2Fjwks")) {
            int status = TestCity.agency("city-hall")
                    .urlEncodingEnabled(false)
                    .body(TestTypes.sdJwt("abc"))
                    .put("/identity/credential-types/" + slug)
                    .statusCode();
            org.junit.jupiter.api.Assertions.assertTrue(status == 400 || status == 404, slug + " " + status);
        }
        assertEquals(before, view(id));
    }

    private static Map<String, Object> view(String id) {
        return given().queryParam("after", id.substring(0, id.length() - 1))
                .queryParam("limit", 200)
                .get("/identity/credential-types")
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.id == '" + id + "' }");
    }
}
