package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.kit.handover.HandoverKey;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.X509CertUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.FileInputStream;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may issue what and ask for what: the signed list, what it does to requests, and revocation of an agency. */
@QuarkusTest
class TrustListTest {

    private static final Map<String, Object> TOO_MUCH =
            TestVerification.dcql(List.of("district"), List.of("birthdate"));

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private static Response list() {
        return given().get("/identity/trust-list");
    }

    /** Verified as an outsider would, with other libraries. */
    private static JsonPath verified() throws Exception {
        Response answer = list();
        answer.then().statusCode(200).contentType("application/jwt");
        JWSObject jws = JWSObject.parse(answer.asString());
        var chain = jws.getHeader().getX509CertChain();
        assertEquals(2, chain.size(), "leaf and intermediate, without the root");
        X509Certificate leaf = X509CertUtils.parse(chain.getFirst().decode());
        try (var root = new FileInputStream(ConfigProvider.getConfig().getValue("madang.trust-anchor", String.class))) {
            var factory = CertificateFactory.getInstance("X.509");
            PKIXParameters parameters = new PKIXParameters(
                    Set.of(new TrustAnchor((X509Certificate) factory.generateCertificate(root), null)));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            factory.generateCertPath(List.of(
                                    leaf, X509CertUtils.parse(chain.get(1).decode()))),
                            parameters);
        }
        assertTrue(jws.verify(new ECDSAVerifier((ECPublicKey) leaf.getPublicKey())));
        assertTrue(leaf.getSubjectX500Principal().getName().contains("C=KR"));
        return new JsonPath(jws.getPayload().toString());
    }

    private static String entity(String agency) {
        return "LoTE.TrustedEntitiesList.find { it.TrustedEntityInformation.TETradeName[0].value == '" + agency + "' }";
    }

    private static String service(String agency, String kind) {
        return entity(agency) + ".TrustedEntityServices.ServiceInformation.find { it.ServiceTypeIdentifier.endsWith('"
                + kind + "') }";
    }

    private static String leaf(String agency, String purpose) {
        return given().get("/identity/agencies/" + agency)
                .path("certificates.find { it.purpose == '" + purpose + "' }.x5c[0]");
    }

    @Test
    void the_list_is_signed_by_the_city_and_says_who_may_issue_and_ask_what() throws Exception {
        JsonPath list = verified();
        String scheme = "LoTE.ListAndSchemeInformation.";
        assertEquals(1, list.getInt(scheme + "LoTEVersionIdentifier"));
        assertTrue(list.getLong(scheme + "LoTESequenceNumber") >= 1);
        assertTrue(Instant.parse(list.getString(scheme + "ListIssueDateTime"))
                .isBefore(Instant.now().plusSeconds(1)));
        assertTrue(Instant.parse(list.getString(scheme + "NextUpdate"))
                .isAfter(Instant.now().plusSeconds(3600)));
        assertTrue(
                list.getList(service("city-hall", "PubEAA/Issuance") + ".ServiceDigitalIdentity.X509Certificates.val")
                        .contains(leaf("city-hall", "credential-issuer")));
        assertTrue(list.getList(service("city-hall", "PubEAA/Issuance")
                        + ".ServiceInformationExtensions[0].provides_attestations.meta.vct_values.flatten()")
                .contains(TestWallet.ISSUER + "/vct/residency"));
        String asks = service("transport", "relying-party") + ".ServiceInformationExtensions[0].credentials.find {"
                + " it.meta.vct_values == ['" + TestWallet.ISSUER + "/vct/residency'] }";
        assertEquals(List.of(List.of("street_address"), List.of("district")), list.getList(asks + ".claim.path"));
        assertEquals(List.of("ko", "en"), list.getList(asks + ".legal_basis.lang"));
        assertTrue(list.getList(service("transport", "relying-party") + ".ServiceDigitalIdentity.X509Certificates.val")
                .contains(leaf("transport", "verifier")));
    }

    @Test
    void a_change_is_the_next_number_and_nothing_else_is() throws Exception {
        TestAgency agency = TestAgency.entered();
        long before = verified().getLong("LoTE.ListAndSchemeInformation.LoTESequenceNumber");
        Response unchanged = list();
        assertEquals(unchanged.asString(), list().asString());
        unchanged.then().header("Cache-Control", "public, max-age=10").header("ETag", "\"" + before + "\"");
        given().header("If-None-Match", unchanged.header("ETag"))
                .get("/identity/trust-list")
                .then()
                .statusCode(304);
        TestCity.rights(agency.id, TestCity.PARKING_RIGHTS);
        JsonPath after = verified();
        assertEquals(before + 1, after.getLong("LoTE.ListAndSchemeInformation.LoTESequenceNumber"));
        assertEquals(
                List.of(leaf(agency.id, "verifier")),
                after.getList(service(agency.id, "relying-party") + ".ServiceDigitalIdentity.X509Certificates.val"));
    }

    @Test
    void an_agency_that_asks_for_more_than_it_may_is_told_what_is_over() {
        TestCity.agency("transport")
                .body(Map.of("dcql_query", TOO_MUCH))
                .post("/identity/presentations")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:madang:problem:over-asking"))
                .body("detail", allOf(containsString("[birthdate]"), not(containsString("district"))));
        TestAgency without = TestAgency.onboarded();
        without.acts()
                .body(Map.of("dcql_query", TestVerification.STREET_AND_DISTRICT))
                .post("/identity/presentations")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:madang:problem:over-asking"));
    }

    @Test
    void a_right_that_is_taken_away_ends_requests_that_are_open() {
        TestAgency agency = TestAgency.onboarded();
        TestCity.rights(agency.id, TestCity.PARKING_RIGHTS);
        TestWallet wallet = new TestWallet();
        String credential = wallet.receive(TestWallet.residencyOffer());
        TestVerification open = agency.asks(TestVerification.STREET_AND_DISTRICT);
        TestCity.rights(agency.id, Map.of());
        given().get(TestWallet.path(TestWallet.query(open.link()).get("request_uri")))
                .then()
                .statusCode(404);
        open.answer(wallet.present(credential, Set.of("street_address", "district"), open.clientId(), open.nonce()))
                .then()
                .statusCode(400)
                .body("error_description", containsString("unknown, expired"));
    }

    @Test
    void an_application_is_refused_whose_agency_asks_for_too_much() {
        try (OtherServices others = new OtherServices(broker)) {
            UUID application = UUID.randomUUID();
            others.tell(
                    "application.submitted",
                    application.toString(),
                    new JsonObject()
                            .put("application", application.toString())
                            .put("service", "parking-permit")
                            .put("agency", "transport")
                            .put("applicant", TestTokens.subject("minji"))
                            .put("handover_key", HandoverKey.publicJwk(HandoverKey.generate()))
                            .put("dcql_query", new JsonObject(TOO_MUCH)));
            String reason =
                    others.hears("presentation.refused", application.toString()).getString("reason");
            assertTrue(reason.contains("[birthdate]"), reason);
            assertEquals(0, others.heardOf("presentation.requested", application.toString()));
        }
    }

    @Test
    void rights_are_the_registrars_and_must_be_understood() {
        TestAgency agency = TestAgency.onboarded();
        agency.acts()
                .body(TestCity.PARKING_RIGHTS)
                .put(agency.path("/rights"))
                .then()
                .statusCode(403);
        TestCity.as(TestTokens.user("officer.transport"))
                .body(TestCity.PARKING_RIGHTS)
                .put("/identity/agencies/transport/rights")
                .then()
                .statusCode(403);
        for (Object bad : List.of(
                Map.of("issues", List.of(Map.of("format", "dc+sd-jwt"))),
                Map.of("asks", List.of(Map.of("format", "dc+sd-jwt", "meta", Map.of("vct_values", List.of("a"))))),
                Map.of("asks", "all"),
                Map.of("everything", true))) {
            TestAgency.registrar()
                    .body(bad)
                    .put(agency.path("/rights"))
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
        given().get(agency.path("/rights")).then().statusCode(200).body("own_types", equalTo(true));
        TestCity.rights(agency.id, TestCity.PARKING_RIGHTS);
        given().get(agency.path("/rights"))
                .then()
                .body("asks[0].claims.path", equalTo(List.of(List.of("street_address"), List.of("district"))));
    }

    @Test
    void an_agency_whose_own_types_are_restricted_issues_none() {
        TestAgency agency = TestAgency.onboarded();
        String type = agency.type();
        Map<String, Object> offer = TestAgency.seen(agency.offer(type));
        TestCity.rights(agency.id, Map.of("own_types", false));
        Response refused = credential(offer, type);
        refused.then().statusCode(400).body("error", equalTo("credential_request_denied"));
        TestCity.rights(agency.id, Map.of());
        assertFalse(
                new TestWallet().receive(TestAgency.seen(agency.offer(type))).isEmpty());
    }

    private static Response credential(Map<String, Object> offer, String type) {
        String token = TestWallet.token(TestWallet.code(TestWallet.fetchOffer(offer)), (String) offer.get("tx_code"))
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        return TestWallet.credential(token, type, new TestWallet().proof(TestWallet.nonce()));
    }

    @Test
    void an_own_issuer_is_trusted_for_the_types_that_it_may_issue_alone() throws Exception {
        TestAgency agency = TestAgency.entered();
        KeyPair pair = TestAgency.pair("secp256r1");
        List<String> x5c = agency.certify("credential-issuer", TestAgency.csr(pair, pair))
                .then()
                .statusCode(200)
                .extract()
                .path("x5c");
        TestWallet wallet = new TestWallet();
        String forged = new OwnIssuer(pair, x5c).residency(wallet.key);
        TestVerification open = TestVerification.asked("transport", TestVerification.STREET_AND_DISTRICT);
        String shown = wallet.present(forged, Set.of("street_address", "district"), open.clientId(), open.nonce());
        open.answer(shown).then().statusCode(400).body("error_description", containsString("may not issue"));
        TestCity.rights(
                agency.id,
                Map.of(
                        "issues",
                        List.of(Map.of(
                                "format",
                                "dc+sd-jwt",
                                "meta",
                                Map.of("vct_values", List.of(TestWallet.ISSUER + "/vct/residency"))))));
        open.answer(shown).then().statusCode(200);
        // the right is to a key of its own: in this service only the owner of a type issues it
        TestAgency other = TestAgency.onboarded();
        TestCity.rights(
                other.id,
                Map.of(
                        "issues",
                        List.of(Map.of(
                                "format",
                                "dc+sd-jwt",
                                "meta",
                                Map.of("vct_values", List.of(TestWallet.ISSUER + "/vct/residency"))))));
        other.acts()
                .body(Map.of(
                        "credential_configuration_id", "residency",
                        "holder", TestTokens.subject("minji"),
                        "claims", Map.of("district", "중구")))
                .post("/identity/credential-offers")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:madang:problem:unknown-credential-type"));
    }

    @Test
    void a_revoked_agency_issues_nothing_asks_nothing_and_is_not_believed_until_it_is_reinstated() throws Exception {
        TestAgency agency = TestAgency.onboarded();
        String type = agency.type();
        TestCity.rights("transport", both(type));
        TestCity.rights(agency.id, TestCity.PARKING_RIGHTS);
        TestWallet wallet = new TestWallet();
        String credential = wallet.receive(TestAgency.seen(agency.offer(type)));
        Map<String, Object> openOffer = TestAgency.seen(agency.offer(type));
        TestVerification openRequest = agency.asks(TestVerification.STREET_AND_DISTRICT);
        TestVerification others = TestVerification.asked("transport", TestAgency.gate(type));

        standing(agency, "revocation", "rights_abused")
                .then()
                .statusCode(200)
                .body("revoked.reason", equalTo("rights_abused"));
        standing(agency, "revocation", "ceased")
                .then()
                .statusCode(200)
                .body("revoked.reason", equalTo("rights_abused"));

        // its token is good for minutes still
        for (Response refused : List.of(
                agency.acts().body(Map.of("dcql_query", TestAgency.gate(type))).post("/identity/presentations"),
                agency.acts().get("/identity/presentations/" + openRequest.id() + "/result"),
                agency.acts().get("/identity/credentials"),
                agency.acts()
                        .body(Map.of(
                                "credential_configuration_id", type,
                                "holder", TestTokens.subject("minji"),
                                "claims", Map.of("gate", "north")))
                        .post("/identity/credential-offers"))) {
            refused.then().statusCode(403).body("type", equalTo("urn:madang:problem:agency-revoked"));
        }
        given().get(TestWallet.path(TestWallet.query(openRequest.link()).get("request_uri")))
                .then()
                .statusCode(404);
        Response denied = credential(openOffer, type);
        denied.then().statusCode(400).body("error", equalTo("credential_request_denied"));
        others.answer(wallet.present(credential, Set.of("gate"), others.clientId(), others.nonce()))
                .then()
                .statusCode(400)
                .body("error_description", containsString("may not issue"));
        assertNull(verified().get(entity(agency.id)));
        given().get(agency.path("/did.json")).then().statusCode(404);
        given().get(agency.path("")).then().body("certificates.size()", equalTo(0));
        eventually(
                () -> assertEquals(401, agency.tokenResponse(agency.clientKey).statusCode()));
        agency.rotate("verifier", "A".repeat(43)).then().statusCode(403);
        agency.client(TestAgency.newKey()).then().statusCode(403);
        TestAgency.registrar()
                .body(TestCity.PARKING_RIGHTS)
                .put(agency.path("/rights"))
                .then()
                .statusCode(403);

        standing(agency, "reinstatement", "ceased").then().statusCode(400);
        standing(agency, "reinstatement", "resolved").then().statusCode(200);

        eventually(
                () -> assertEquals(200, agency.tokenResponse(agency.clientKey).statusCode()));
        others.answer(wallet.present(credential, Set.of("gate"), others.clientId(), others.nonce()))
                .then()
                .statusCode(200);
        agency.asks(TestVerification.STREET_AND_DISTRICT);
        assertFalse(
                verified().getList(entity(agency.id) + ".TrustedEntityServices").isEmpty());
        given().get(TestWallet.path(TestWallet.query(openRequest.link()).get("request_uri")))
                .then()
                .statusCode(404);
        TestAgency.registrar()
                .get(agency.path("/standing/changes"))
                .then()
                .body("items[0].change", equalTo("reinstated"))
                .body("items[1].change", equalTo("revoked"))
                .body("items[1].detail", equalTo("rights_abused"));
        try (OtherServices heard = new OtherServices(broker)) {
            assertEquals(
                    "rights_abused", heard.hears("agency.revoked", agency.id).getString("reason"));
            assertEquals("resolved", heard.hears("agency.reinstated", agency.id).getString("reason"));
        }
        TestCity.rights("transport", TestCity.PARKING_RIGHTS);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> both(String type) {
        List<Object> asks = new java.util.ArrayList<>((List<Object>) TestCity.PARKING_RIGHTS.get("asks"));
        asks.add(TestCity.ask("dc+sd-jwt", TestWallet.ISSUER + "/vct/" + type, List.of("gate")));
        return Map.of("asks", asks);
    }

    private static Response standing(TestAgency agency, String what, String reason) {
        return TestAgency.registrar().body(Map.of("reason", reason)).post(agency.path("/standing/" + what));
    }

    private static void eventually(Runnable check) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(5);
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError notYet) {
                if (Instant.now().isAfter(end)) {
                    throw notYet;
                }
                Thread.sleep(200);
            }
        }
    }

    @Test
    void the_agency_that_signs_for_the_city_cannot_be_revoked_and_only_registrars_revoke() {
        TestAgency.registrar()
                .body(Map.of("reason", "ceased"))
                .post("/identity/agencies/city-hall/standing/revocation")
                .then()
                .statusCode(409);
        TestCity.as(TestTokens.user("officer.transport"))
                .body(Map.of("reason", "ceased"))
                .post("/identity/agencies/transport/standing/revocation")
                .then()
                .statusCode(403);
        TestAgency.registrar()
                .body(Map.of("reason", "ceased"))
                .post("/identity/agencies/nobody-here/standing/revocation")
                .then()
                .statusCode(404);
    }
}
