package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.StrictJson;
import city.madang.kit.keys.Keyring;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ways of OpenID4VP 1.0 in which an agency can ask and a wallet can answer. */
@QuarkusTest
class VerifierFlowsTest {

    private static final String REQUEST_OBJECT = "application/oauth-authz-req+jwt";
    private static final String RETURN = "https://transport.example/return?from=city";

    private static final Map<String, Object> CARD = Map.of(
            "credentials",
            List.of(Map.of(
                    "id",
                    "card",
                    "format",
                    "mso_mdoc",
                    "meta",
                    Map.of("doctype_value", TestIssuance.DOCTYPE),
                    "claims",
                    List.of(Map.of("path", List.of(TestIssuance.DOCTYPE, "district"))))));

    @Inject
    Keyring keyring;

    @Inject
    Pool pool;

    private TestWallet wallet;
    private TestIssuance issuance;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
        wallet = new TestWallet();
        issuance = new TestIssuance(keyring, wallet);
    }

    private static Map<String, Object> created(Map<String, Object> body) {
        return TestCity.agency("transport")
                .body(body)
                .post("/identity/presentations")
                .then()
                .statusCode(201)
                .extract()
                .as(new TypeRef<>() {});
    }

    private static TestVerification asked(Object... more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("dcql_query", TestVerification.STREET_AND_DISTRICT);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        Map<String, Object> created = created(body);
        return TestVerification.fetched((String) created.get("id"), (String) created.get("authorization_request"));
    }

    private String shown(TestVerification asked) {
        return shown(asked, issuance.residency(Map.of(), Map.of()));
    }

    private String shown(TestVerification asked, String credential) {
        return wallet.present(credential, Set.of("street_address", "district"), asked.clientId(), asked.nonce());
    }

    private static String requestPath(TestVerification asked) {
        return TestWallet.path(TestWallet.query(asked.link()).get("request_uri"));
    }

    private static Map<String, Object> answer(TestVerification asked, String id, String presentation) {
        return Map.of(
                "vp_token",
                Map.of(id, List.of(presentation)),
                "state",
                asked.request().get("state"));
    }

    @Test
    void a_verifier_is_known_by_its_certificate_its_host_or_its_did() throws Exception {
        for (String prefix : List.of("x509_hash", "x509_san_dns", "decentralized_identifier")) {
            TestVerification asked = asked("client_id_prefix", prefix);
            assertTrue(asked.clientId().startsWith(prefix + ":"), asked.clientId());
            assertEquals(asked.clientId(), TestWallet.query(asked.link()).get("client_id"));
            var header = asked.object().getHeader();
            switch (prefix) {
                case "x509_san_dns" -> {
                    assertEquals("x509_san_dns:localhost", asked.clientId());
                    assertEquals(
                            "localhost",
                            java.net
                                    .URI
                                    .create((String) asked.request().get("response_uri"))
                                    .getHost());
                    assertNotNull(header.getX509CertChain());
                }
                case "decentralized_identifier" -> {
                    assertNull(header.getX509CertChain());
                    String did = asked.clientId().substring("decentralized_identifier:".length());
                    assertTrue(header.getKeyID().startsWith(did + "#"), header.getKeyID());
                    // wallets that do look at it want the DID of the key there, and not the client's identifier
                    assertFalse(asked.request().containsKey("iss"));
                }
                default -> assertEquals(2, header.getX509CertChain().size());
            }
            asked.answer(shown(asked)).then().statusCode(200);
            asked.result("transport").then().statusCode(200);
        }
    }

    @Test
    void a_request_can_be_fetched_in_both_ways_as_often_as_a_wallet_likes() throws Exception {
        TestVerification asked = asked();
        String path = requestPath(asked);
        for (int i = 0; i < 2; i++) {
            String object = given().accept(REQUEST_OBJECT)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .contentType(REQUEST_OBJECT)
                    .header("Cache-Control", "no-store")
                    .extract()
                    .asString();
            Map<String, Object> claims =
                    SignedJWT.parse(object).getJWTClaimsSet().toJSONObject();
            assertEquals(asked.nonce(), claims.get("nonce"));
            assertFalse(claims.containsKey("wallet_nonce"));
        }
        given().head(path).then().statusCode(200);
        given().formParam("wallet_nonce", "kxbJ//QQ/qheqcBnVzjZPg==")
                .post(path)
                .then()
                .statusCode(200)
                .contentType(REQUEST_OBJECT);
        given().contentType("application/x-www-form-urlencoded")
                .post(path)
                .then()
                .statusCode(200);
        for (String nonce : List.of("a b", "n".repeat(501), "\u0000", "é")) {
            given().formParam("wallet_nonce", nonce)
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"));
        }
        given().get("/identity/request/" + UUID.randomUUID()).then().statusCode(404);
        given().get("/identity/request/1").then().statusCode(404);
    }

    @Test
    void a_request_says_all_that_haip_wants_and_nothing_beyond() {
        Map<String, Object> request = asked().request();
        Set<String> members = new HashSet<>(TestVerification.MEMBERS);
        members.add("wallet_nonce");
        assertEquals(members, request.keySet());
        Map<?, ?> metadata = (Map<?, ?>) request.get("client_metadata");
        assertEquals(
                Map.of(
                        "dc+sd-jwt",
                        Map.of("sd-jwt_alg_values", List.of("ES256"), "kb-jwt_alg_values", List.of("ES256")),
                        "mso_mdoc",
                        Map.of("issuerauth_alg_values", List.of(-7L, -9L), "deviceauth_alg_values", List.of(-7L, -9L))),
                metadata.get("vp_formats_supported"));
        assertEquals(List.of("A128GCM", "A256GCM"), metadata.get("encrypted_response_enc_values_supported"));
        assertEquals(
                Set.of("jwks", "vp_formats_supported", "encrypted_response_enc_values_supported"), metadata.keySet());
        List<?> keys = (List<?>) ((Map<?, ?>) metadata.get("jwks")).get("keys");
        assertEquals(1, keys.size());
        assertEquals(Set.of("kty", "crv", "x", "y", "use", "alg", "kid"), ((Map<?, ?>) keys.getFirst()).keySet());
        assertTrue(((Number) request.get("exp")).longValue() > ((Number) request.get("iat")).longValue());
    }

    @Test
    void a_wallet_with_a_key_of_its_own_gets_the_request_encrypted() throws Exception {
        TestVerification asked = asked();
        String path = requestPath(asked);
        ECKey key = new ECKey.Builder(TestWallet.newKey()).keyID("w-1").build();
        String metadata = StrictJson.write(Map.of(
                "jwks", Map.of("keys", List.of(key.toPublicJWK().toJSONObject())),
                "request_object_signing_alg_values_supported", List.of("ES256"),
                "request_object_encryption_enc_values_supported", List.of("A128GCM")));
        String jwe = given().formParam("wallet_metadata", metadata)
                .formParam("wallet_nonce", "n")
                .post(path)
                .then()
                .statusCode(200)
                .contentType(REQUEST_OBJECT)
                .extract()
                .asString();
        JWEObject encrypted = JWEObject.parse(jwe);
        assertEquals(JWEAlgorithm.ECDH_ES, encrypted.getHeader().getAlgorithm());
        assertEquals(EncryptionMethod.A128GCM, encrypted.getHeader().getEncryptionMethod());
        assertEquals("w-1", encrypted.getHeader().getKeyID());
        encrypted.decrypt(new ECDHDecrypter(key));
        SignedJWT object = SignedJWT.parse(encrypted.getPayload().toString());
        var leaf = com.nimbusds.jose.util.X509CertUtils.parse(
                object.getHeader().getX509CertChain().getFirst().decode());
        assertTrue(object.verify(new ECDSAVerifier((java.security.interfaces.ECPublicKey) leaf.getPublicKey())));
        assertEquals("n", object.getJWTClaimsSet().getStringClaim("wallet_nonce"));

        Map<String, Object> signing = new LinkedHashMap<>(key.toPublicJWK().toJSONObject());
        signing.put("use", "sig");
        for (Map<String, Object> good : List.<Map<String, Object>>of(
                Map.of("jwks", Map.of("keys", List.of(signing))),
                Map.of("vp_formats_supported", Map.of(), "client_id_prefixes_supported", List.of("x509_hash")))) {
            String plain = given().formParam("wallet_metadata", StrictJson.write(good))
                    .post(path)
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            assertEquals(3, plain.split("\\.").length);
        }
        for (String bad : List.of(
                "x",
                "[]",
                "{\"jwks\":{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}}",
                "{\"jwks\":{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}}",
                "{\"request_object_signing_alg_values_supported\":[\"EdDSA\"]}",
                "{\"x\":\"" + "y".repeat(20_000) + "\"}")) {
            given().formParam("wallet_metadata", bad)
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("error", equalTo("invalid_request"));
        }
    }

    @Test
    void a_card_is_presented_encrypted_or_not_and_bound_to_the_key_it_was_encrypted_to() {
        TestVerification asked = asked("dcql_query", CARD);
        byte[] card = issuance.card();
        String shown = issuance.shown(card, asked);
        asked.send(TestVerification.encrypted(
                        answer(asked, "card", shown), asked.encryptionKey(), EncryptionMethod.A256GCM))
                .then()
                .statusCode(200);
        asked.result("transport")
                .then()
                .statusCode(200)
                .body("credentials.card", equalTo(Map.of(TestIssuance.DOCTYPE, Map.of("district", "중구"))));

        TestVerification plain = asked("dcql_query", CARD, "response_mode", "direct_post");
        assertFalse(((Map<?, ?>) plain.request().get("client_metadata")).containsKey("jwks"));
        String path = TestWallet.path((String) plain.request().get("response_uri"));
        // signed for the other request
        given().formParam("vp_token", StrictJson.write(Map.of("card", List.of(shown))))
                .formParam("state", plain.request().get("state"))
                .post(path)
                .then()
                .statusCode(400)
                .body("error_description", containsString("for this session"));
        TestCity.agency("transport")
                .get("/identity/presentations/" + plain.id())
                .then()
                .body("failure.step", equalTo("key_binding"));
        given().formParam("vp_token", StrictJson.write(Map.of("card", List.of(issuance.shown(card, plain)))))
                .formParam("state", plain.request().get("state"))
                .post(path)
                .then()
                .statusCode(200);
        plain.result("transport").then().statusCode(200);
    }

    @Test
    void an_answer_comes_in_the_mode_that_was_asked_for() {
        TestVerification encrypted = asked();
        String vpToken = StrictJson.write(Map.of("residency", List.of(shown(encrypted))));
        String path = TestWallet.path((String) encrypted.request().get("response_uri"));
        given().formParam("vp_token", vpToken)
                .formParam("state", encrypted.request().get("state"))
                .post(path)
                .then()
                .statusCode(400)
                .body("error_description", containsString("response mode"));
        given().formParam("response", "x")
                .formParam("vp_token", vpToken)
                .post(path)
                .then()
                .statusCode(400);
        given().post(path).then().statusCode(oneOf(400, 415));
        given().contentType("application/x-www-form-urlencoded")
                .post(path)
                .then()
                .statusCode(400);
        // an error within the encryption, and one without
        encrypted
                .send(TestVerification.encrypted(
                        Map.of(
                                "error",
                                "access_denied",
                                "state",
                                encrypted.request().get("state")),
                        encrypted.encryptionKey(),
                        EncryptionMethod.A128GCM))
                .then()
                .statusCode(200);
        TestCity.agency("transport")
                .get("/identity/presentations/" + encrypted.id())
                .then()
                .body("state", equalTo("declined"))
                .body("wallet_error", equalTo("access_denied"));
        encrypted.result("transport").then().statusCode(410);

        TestVerification plain = asked("response_mode", "direct_post");
        plain.send(TestVerification.encrypted(
                        answer(plain, "residency", shown(plain)), encrypted.encryptionKey(), EncryptionMethod.A128GCM))
                .then()
                .statusCode(400);
        for (String error : List.of("<script>", "E", "e".repeat(61), "a b")) {
            given().formParam("error", error)
                    .formParam("state", plain.request().get("state"))
                    .post(TestWallet.path((String) plain.request().get("response_uri")))
                    .then()
                    .statusCode(400)
                    .body("error_description", not(containsString("script")));
        }
    }

    @Test
    void wallets_of_other_habits_are_understood() throws Exception {
        TestVerification asked = asked();
        ECKey key = asked.encryptionKey();
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM)
                        .agreementPartyUInfo(Base64URL.encode("mdoc-generated-nonce"))
                        .agreementPartyVInfo(Base64URL.encode(asked.nonce()))
                        .contentType("json")
                        .build(),
                new Payload(answer(asked, "residency", shown(asked))));
        jwe.encrypt(new ECDHEncrypter(key));
        // no kid, another Accept, and members that are not asked for
        given().accept("text/html")
                .formParam("response", jwe.serialize())
                .formParam("state", asked.request().get("state"))
                .formParam("iss", "https://wallet.example")
                .post(TestWallet.path((String) asked.request().get("response_uri")))
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store");
    }

    @Test
    void a_wallet_that_sends_its_answer_again_learns_that_it_arrived() {
        TestVerification asked = asked("redirect_uri", RETURN);
        String jwe = TestVerification.encrypted(
                answer(asked, "residency", shown(asked)), asked.encryptionKey(), EncryptionMethod.A128GCM);
        asked.send(jwe).then().statusCode(200).body("redirect_uri", startsWith(RETURN + "#response_code="));
        asked.send(jwe)
                .then()
                .statusCode(400)
                .body("error_description", containsString("this very answer"))
                .body("$", not(hasKey("redirect_uri")));
        String another = TestVerification.encrypted(
                answer(asked, "residency", shown(asked)), asked.encryptionKey(), EncryptionMethod.A128GCM);
        asked.send(another).then().statusCode(400).body("error_description", not(containsString("very")));
    }

    @Test
    void what_the_holder_signs_for_is_in_the_request_and_under_her_signature() throws Exception {
        List<Map<String, Object>> consent =
                List.of(Map.of("type", "city.madang.consent", "credential_ids", List.of("residency"), "text", "주차증"));
        TestVerification asked = asked("transaction_data", consent);
        String encoded = (String) ((List<?>) asked.request().get("transaction_data")).getFirst();
        assertEquals(
                "주차증",
                StrictJson.object(new Base64URL(encoded).decodeToString()).get("text"));
        asked.answer(shown(asked)).then().statusCode(400).body("error_description", containsString("transaction data"));
        var disclosed = com.authlete.sd.SDJWT.parse(shown(asked));
        String binding = wallet.sign(
                new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.ES256)
                        .type(new com.nimbusds.jose.JOSEObjectType("kb+jwt"))
                        .build(),
                new com.nimbusds.jwt.JWTClaimsSet.Builder()
                        .audience(asked.clientId())
                        .issueTime(new java.util.Date())
                        .claim("nonce", asked.nonce())
                        .claim("sd_hash", disclosed.getSDHash())
                        .claim("transaction_data_hashes", List.of(HaipWallet.s256(encoded)))
                        .claim("transaction_data_hashes_alg", "sha-256")
                        .build());
        asked.answer(new com.authlete.sd.SDJWT(disclosed.getCredentialJwt(), disclosed.getDisclosures(), binding)
                        .toString())
                .then()
                .statusCode(200);
        for (List<Map<String, Object>> bad : List.<List<Map<String, Object>>>of(
                List.of(),
                List.of(Map.of("type", "x", "credential_ids", List.of("other"))),
                List.of(Map.of("credential_ids", List.of("residency"))),
                List.of(Map.of(
                        "type",
                        "x",
                        "credential_ids",
                        List.of("residency"),
                        "transaction_data_hashes_alg",
                        List.of("md5"))))) {
            TestCity.agency("transport")
                    .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT, "transaction_data", bad))
                    .post("/identity/presentations")
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("urn:madang:problem:invalid-transaction-data"));
        }
    }

    @Test
    void the_browser_that_began_ends_what_it_began_and_no_other() {
        TestVerification asked = asked("redirect_uri", RETURN);
        String page = "/identity/present/" + asked.id();
        Response first = given().get(page);
        String cookie = first.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .extract()
                .header("Set-Cookie");
        for (String attribute : List.of("Secure", "HttpOnly", "SameSite=Lax", "Path=" + page)) {
            assertTrue(
                    cookie.replace("\"", "")
                            .toLowerCase(java.util.Locale.ROOT)
                            .contains(attribute.toLowerCase(java.util.Locale.ROOT)),
                    cookie);
        }
        String secret =
                cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')).replace("\"", "");
        // another browser neither takes it over nor sees the link
        given().get(page)
                .then()
                .statusCode(200)
                .body(not(containsString("openid4vp:")))
                .header("Set-Cookie", nullValue());
        given().header("Cookie", "__Secure-madang-present=" + secret)
                .get(page)
                .then()
                .body(containsString("openid4vp:"));
        // there is no code for a wallet on another device
        given().get("/identity/presentations/" + asked.id() + "/qr").then().statusCode(404);

        String redirect =
                asked.answer(shown(asked)).then().statusCode(200).extract().path("redirect_uri");
        assertTrue(
                redirect.startsWith(TestWallet.ISSUER + "/present/" + asked.id() + "/return?response_code="), redirect);
        String code = TestWallet.query(redirect).get("response_code");
        String back = page + "/return";
        for (String cookies : List.of("", "__Secure-madang-present=x", "__Secure-madang-present=" + code)) {
            given().redirects()
                    .follow(false)
                    .header("Cookie", cookies)
                    .queryParam("response_code", code)
                    .get(back)
                    .then()
                    .statusCode(403);
        }
        given().redirects()
                .follow(false)
                .header("Cookie", "__Secure-madang-present=" + secret)
                .queryParam("response_code", "x")
                .get(back)
                .then()
                .statusCode(403);
        given().redirects()
                .follow(false)
                .header("Cookie", "__Secure-madang-present=" + secret)
                .queryParam("response_code", code)
                .get(back)
                .then()
                .statusCode(303)
                .header("Location", equalTo(RETURN + "#response_code=" + code))
                .header("Referrer-Policy", equalTo("no-referrer"));

        String result = "/identity/presentations/" + asked.id() + "/result";
        TestVerification other = asked("redirect_uri", RETURN);
        String othersCode =
                ((String) other.answer(shown(other)).then().extract().path("redirect_uri")).replaceAll(".*=", "");
        for (String wrong : List.of("", "x", othersCode, secret)) {
            TestCity.agency("transport")
                    .queryParam("response_code", wrong)
                    .get(result)
                    .then()
                    .statusCode(403);
        }
        TestCity.agency("transport").get(result).then().statusCode(403);
        TestCity.agency("city-hall")
                .queryParam("response_code", code)
                .get(result)
                .then()
                .statusCode(404);
        TestCity.agency("transport")
                .queryParam("response_code", code)
                .get(result)
                .then()
                .statusCode(200);
        TestCity.agency("transport")
                .queryParam("response_code", code)
                .get(result)
                .then()
                .statusCode(410);
    }

    @Test
    void no_browser_is_sent_to_a_place_that_is_not_a_web_page() {
        for (String bad : List.of(
                "http://transport.example/return",
                "javascript:alert(1)",
                "data:text/html,x",
                "//transport.example",
                "https://user:pass@transport.example/",
                "https://transport.example/#x",
                "https:///x",
                "https://transport.example/" + "x".repeat(1000),
                "https://transport.example/\r\nSet-Cookie: a=b")) {
            TestCity.agency("transport")
                    .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT, "redirect_uri", bad))
                    .post("/identity/presentations")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
    }

    @Test
    void the_page_shows_names_as_text_and_runs_no_script_but_its_own() {
        String hostile = "</h1><script>alert(1)</script><img src=x onerror=alert(1)>\"'";
        TestCity.as(city.madang.devstack.testing.TestTokens.user("officer.cityhall"))
                .body(Map.of("name", Map.of("ko", hostile, "en", hostile)))
                .put("/identity/agencies/transport");
        try {
            TestVerification asked = asked();
            Response page = given().get("/identity/present/" + asked.id());
            String html = page.asString();
            assertFalse(html.contains("<script>alert"), html);
            assertFalse(html.contains("<img"), html);
            String policy = page.header("Content-Security-Policy");
            String nonce = policy.replaceAll(".*'nonce-([^']+)'.*", "$1");
            assertTrue(html.contains("<script nonce=\"" + nonce + "\">"), policy);
            assertTrue(policy.contains("default-src 'none'"), policy);
            given().get("/identity/presentations/" + asked.id() + "/qr")
                    .then()
                    .statusCode(200)
                    .contentType("image/svg+xml")
                    .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
        } finally {
            TestCity.register("transport");
        }
    }

    @Test
    void an_answer_that_comes_too_late_is_not_taken_and_a_result_does_not_wait_for_ever() {
        TestVerification late = asked();
        TestVerification unread = asked();
        unread.answer(shown(unread)).then().statusCode(200);
        for (TestVerification each : List.of(late, unread)) {
            pool.preparedQuery("update presentation set expires_at = now() - interval '1 second' where id = $1")
                    .execute(Tuple.of(UUID.fromString(each.id())))
                    .await()
                    .indefinitely();
        }
        late.answer(shown(late)).then().statusCode(400);
        given().get(requestPath(late)).then().statusCode(404);
        late.result("transport").then().statusCode(410);
        unread.result("transport").then().statusCode(410);
        given().get("/identity/present/" + late.id() + "/state").then().body("state", equalTo("expired"));
    }
}
