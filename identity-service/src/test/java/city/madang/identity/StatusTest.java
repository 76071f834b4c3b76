package city.madang.identity;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.status.StatusIndexes;
import city.madang.identity.status.StatusRef;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Revocation: who may, what it does, and how soon everybody can see it. */
@QuarkusTest
class StatusTest {

    @Inject
    Pool pool;

    @Inject
    StatusIndexes indexes;

    @Inject
    IdentitySettings settings;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private TestStatus.Issued issue(String holder, int bits, int copies) {
        return TestStatus.issue(pool, indexes, holder, bits, copies, UUID.randomUUID());
    }

    private static String officer() {
        return TestTokens.user("officer.cityhall");
    }

    @Test
    void a_revocation_shows_in_the_published_list_within_five_seconds_for_every_copy_and_nobody_else()
            throws Exception {
        TestStatus.Issued issued = issue("minji", 2, 5);
        TestStatus.Issued other = issue("junho", 2, 5);
        for (StatusRef place : issued.places()) {
            assertEquals(0, TestStatus.value(place.list(), place.index()));
        }
        TestStatus.put(officer(), issued.id(), "revoked", "entitlement_ended")
                .then()
                .statusCode(200)
                .body("status", equalTo("revoked"));
        long millis = TestStatus.awaitValue(issued.places().getFirst(), 1);
        System.out.println("a revocation showed after " + millis + " ms");
        for (StatusRef place : issued.places()) {
            assertEquals(1, TestStatus.value(place.list(), place.index()));
        }
        for (StatusRef place : other.places()) {
            assertEquals(0, TestStatus.value(place.list(), place.index()));
        }
    }

    @Test
    void a_suspension_shows_and_goes_away_again() throws Exception {
        TestStatus.Issued issued = issue("minji", 2, 2);
        TestStatus.put(officer(), issued.id(), "suspended", "under_review")
                .then()
                .statusCode(200);
        TestStatus.awaitValue(issued.places().getLast(), 2);
        TestStatus.put(officer(), issued.id(), "valid", "review_closed").then().statusCode(200);
        TestStatus.awaitValue(issued.places().getLast(), 0);
        TestCity.as(officer())
                .get("/identity/credentials/" + issued.id())
                .then()
                .statusCode(200)
                .body("changes.status", contains("suspended", "valid"))
                .body("changes.reason", contains("under_review", "review_closed"))
                .body("changes[0].by", equalTo("officer"))
                .body("changes[0].actor", equalTo(TestTokens.subject("officer.cityhall")))
                .body("changes[0].at", notNullValue());
    }

    @Test
    void a_list_with_one_bit_knows_no_suspension() {
        TestStatus.Issued issued = issue("minji", 1, 1);
        TestStatus.put(officer(), issued.id(), "suspended", "under_review")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:madang:problem:status-not-supported"));
        TestStatus.put(officer(), issued.id(), "revoked", "superseded").then().statusCode(200);
    }

    @Test
    void revocation_is_final_and_the_same_wish_twice_has_one_effect() {
        TestStatus.Issued issued = issue("minji", 2, 1);
        for (int i = 0; i < 3; i++) {
            TestStatus.put(
                            TestTokens.client("city-hall"),
                            issued.id(),
                            "revoked",
                            i == 0 ? "data_changed" : "superseded")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("revoked"))
                    .body("changes", hasSize(1))
                    .body("changes[0].reason", equalTo("data_changed"))
                    .body("changes[0].by", equalTo("agency"));
        }
        for (String[] wish : new String[][] {{"valid", "holder_request"}, {"suspended", "holder_request"}}) {
            TestStatus.put(officer(), issued.id(), wish[0], wish[1])
                    .then()
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:madang:problem:credential-revoked"));
        }
        try (OtherServices others = new OtherServices(broker)) {
            String id = issued.id().toString();
            assertEquals("data_changed", others.hears("credential.revoked", id).getString("reason"));
            assertEquals(1, others.heardOf("credential.revoked", id));
        }
    }

    @Test
    void every_change_is_told_as_an_event_without_a_person_in_it() {
        TestStatus.Issued issued = issue("minji", 2, 1);
        TestCity.as(officer())
                .body(Map.of("status", "suspended", "reason", "under_review", "note", "the neighbour Kim says so"))
                .put("/identity/credentials/" + issued.id() + "/status")
                .then()
                .statusCode(200);
        TestStatus.put(officer(), issued.id(), "valid", "review_closed").then().statusCode(200);
        TestStatus.put(officer(), issued.id(), "revoked", "issued_in_error")
                .then()
                .statusCode(200);
        try (OtherServices others = new OtherServices(broker)) {
            String id = issued.id().toString();
            assertEquals(
                    "under_review", others.hears("credential.suspended", id).getString("reason"));
            assertEquals("review_closed", others.hears("credential.resumed", id).getString("reason"));
            JsonObject revoked = others.hears("credential.revoked", id);
            assertEquals("residency", revoked.getString("credential_configuration_id"));
            assertEquals("city-hall", revoked.getString("agency"));
            String all = others.everything();
            assertFalse(all.contains("Kim") || all.contains(TestTokens.subject("minji")), all);
        }
    }

    @Test
    void a_holder_revokes_her_own_and_nothing_else() throws Exception {
        TestStatus.Issued own = issue("minji", 2, 2);
        TestStatus.Issued others = issue("junho", 2, 1);
        String minji = TestTokens.user("minji");
        TestStatus.put(minji, own.id(), "suspended", "wallet_lost").then().statusCode(403);
        TestStatus.put(minji, own.id(), "valid", "wallet_found").then().statusCode(403);
        TestCity.as(minji)
                .body(Map.of("status", "revoked", "reason", "wallet_lost", "note", "on the bus"))
                .put("/identity/credentials/" + own.id() + "/status")
                .then()
                .statusCode(403);
        TestStatus.put(minji, others.id(), "revoked", "wallet_lost").then().statusCode(404);
        TestStatus.put(minji, UUID.randomUUID(), "revoked", "wallet_lost")
                .then()
                .statusCode(404);
        assertEquals(
                0, TestStatus.value(others.list(), others.places().getFirst().index()));
        TestStatus.put(minji, own.id(), "revoked", "wallet_lost")
                .then()
                .statusCode(200)
                .body("changes[0].by", equalTo("citizen"));
        TestStatus.awaitValue(own.places().getLast(), 1);
    }

    @Test
    void another_agency_neither_sees_nor_changes_it() {
        TestStatus.Issued issued = issue("minji", 2, 1);
        for (String token : List.of(TestTokens.client("transport"), TestTokens.user("officer.transport"))) {
            TestStatus.put(token, issued.id(), "revoked", "superseded")
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("urn:madang:problem:not-found"));
            TestCity.as(token)
                    .get("/identity/credentials/" + issued.id())
                    .then()
                    .statusCode(404);
            TestCity.as(token)
                    .get("/identity/credentials?limit=200&holder=" + TestTokens.subject("minji"))
                    .then()
                    .statusCode(200)
                    .body("items.id", not(hasItem(issued.id().toString())));
        }
        TestStatus.put(TestTokens.user("auditor"), issued.id(), "revoked", "superseded")
                .then()
                .statusCode(403);
        TestCity.as(officer())
                .get("/identity/credentials/" + issued.id())
                .then()
                .statusCode(200)
                .body("status", equalTo("valid"));
    }

    @Test
    void agencies_and_holders_list_their_own_page_by_page() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(issue("junho", 2, 2).id().toString());
        }
        made.sort(null);
        String sub = TestTokens.subject("junho");
        for (String token : List.of(TestTokens.client("city-hall"), TestTokens.user("junho"))) {
            List<String> seen = new ArrayList<>();
            String after = "";
            do {
                var page = TestCity.as(token)
                        .get("/identity/credentials?limit=2&holder=" + sub + after)
                        .then()
                        .statusCode(200)
                        .extract();
                seen.addAll(page.<List<String>>path("items.id"));
                String next = page.path("next");
                after = next == null ? "" : "&after=" + next;
            } while (!after.isEmpty());
            assertTrue(seen.containsAll(made));
            assertEquals(seen.stream().sorted().distinct().toList(), seen);
        }
        // a citizen does not see another's by asking for them
        TestCity.citizen("minji")
                .get("/identity/credentials?holder=" + sub)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        TestCity.citizen("junho")
                .get("/identity/credentials/" + made.getFirst())
                .then()
                .statusCode(200)
                .body("copies", equalTo(2))
                .body("credential_configuration_id", equalTo("residency"))
                .header("Cache-Control", containsString("no-store"));
    }

    @Test
    void a_holder_is_not_told_what_the_agency_noted() {
        TestStatus.Issued issued = issue("minji", 2, 1);
        TestCity.as(officer())
                .body(Map.of("status", "revoked", "reason", "issued_in_error", "note", "file 4711"))
                .put("/identity/credentials/" + issued.id() + "/status")
                .then()
                .statusCode(200)
                .body("changes[0].note", equalTo("file 4711"));
        TestCity.citizen("minji")
                .get("/identity/credentials/" + issued.id())
                .then()
                .statusCode(200)
                .body("changes[0].reason", equalTo("issued_in_error"))
                .body("changes[0].note", nullValue())
                .body("changes[0].actor", nullValue());
    }

    @Test
    void bad_wishes_are_refused_and_change_nothing() {
        TestStatus.Issued issued = issue("minji", 2, 1);
        for (String body : List.of(
                "",
                "{}",
                "null",
                "[]",
                "{\"status\":\"revoked\"}",
                "{\"status\":\"revoked\",\"reason\":\"because\"}",
                "{\"status\":\"REVOKED\",\"reason\":\"superseded\"}",
                "{\"status\":\"burnt\",\"reason\":\"superseded\"}",
                "{\"status\":\"valid\",\"reason\":\"superseded\"}",
                "{\"status\":1,\"reason\":\"superseded\"}",
                "{\"status\":\"revoked\",\"reason\":\"superseded\",\"holder\":\"x\"}",
                "{\"status\":\"revoked\",\"reason\":\"superseded\",\"note\":\"" + "x".repeat(501) + "\"}")) {
            TestCity.as(officer())
                    .body(body)
                    .put("/identity/credentials/" + issued.id() + "/status")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
        TestCity.as(officer())
                .get("/identity/credentials/" + issued.id())
                .then()
                .body("status", equalTo("valid"))
                .body("changes", hasSize(0));
    }

    @Test
    void renewals_of_the_same_entitlement_go_with_it() throws Exception {
        UUID grant = UUID.randomUUID();
        TestStatus.Issued first = TestStatus.issue(pool, indexes, "minji", 2, 2, grant);
        TestStatus.Issued renewal = TestStatus.issue(pool, indexes, "minji", 2, 2, grant);
        TestStatus.Issued unrelated = issue("minji", 2, 2);
        TestStatus.put(officer(), first.id(), "revoked", "entitlement_ended")
                .then()
                .statusCode(200);
        TestStatus.awaitValue(renewal.places().getFirst(), 1);
        assertEquals(
                0,
                TestStatus.value(unrelated.list(), unrelated.places().getFirst().index()));
        TestCity.as(officer())
                .get("/identity/credentials/" + renewal.id())
                .then()
                .body("status", equalTo("revoked"))
                .body("changes", hasSize(1));
    }

    @Test
    void the_list_is_a_status_list_token_of_the_agency() throws Exception {
        TestStatus.Issued issued = issue("minji", 2, 1);
        SignedJWT token = TestStatus.token(issued.list());
        assertEquals(JWSAlgorithm.ES256, token.getHeader().getAlgorithm());
        assertEquals("statuslist+jwt", token.getHeader().getType().toString());
        assertTrue(TestStatus.isSigned(token));
        assertTrue(token.getHeader().getX509CertChain().size() >= 1, "without the anchor");
        assertTrue(
                token.verify(new ECDSAVerifier(token.getHeader().getJWK().toECKey())),
                "readers that know no chains find the same key beside it");
        var claims = token.getJWTClaimsSet();
        assertEquals(settings.origin() + "/identity/status-lists/" + issued.list(), claims.getSubject());
        assertFalse(claims.getIssueTime().after(Date.from(Instant.now())));
        Duration left =
                Duration.between(Instant.now(), claims.getExpirationTime().toInstant());
        assertTrue(left.compareTo(Duration.ofHours(11)) > 0 && left.compareTo(Duration.ofHours(24)) <= 0, left + "");
        assertEquals(60L, claims.getLongClaim("ttl"));
        Map<String, Object> list = TestStatus.list(token);
        assertEquals(2L, ((Number) list.get("bits")).longValue());
        assertEquals(settings.origin() + "/identity/status-lists?agency=city-hall", list.get("aggregation_uri"));
    }

    @Test
    void the_list_as_cwt_says_the_same() throws Exception {
        TestStatus.Issued issued = issue("minji", 2, 3);
        TestStatus.put(officer(), issued.id(), "revoked", "superseded").then().statusCode(200);
        TestStatus.awaitValue(issued.places().getFirst(), 1);
        byte[] cwt = given().accept("application/statuslist+cwt")
                .get("/identity/status-lists/" + issued.list())
                .then()
                .statusCode(200)
                .contentType("application/statuslist+cwt")
                .extract()
                .asByteArray();
        assertEquals(0xd2, cwt[0] & 0xff, "tagged as COSE_Sign1, not as CWT");
        CoseSign1 cose = CoseSign1.of(((Tagged) CborReader.read(cwt)).content(), "the list");
        assertEquals("application/statuslist+cwt", cose.type());
        byte[] leaf = TestStatus.token(issued.list())
                .getHeader()
                .getX509CertChain()
                .getFirst()
                .decode();
        assertArrayEquals(leaf, cose.x5chain().getFirst());
        assertTrue(cose.isSignedBy((ECPublicKey) X509CertUtils.parse(leaf).getPublicKey()));
        CborMap claims = CborMap.read(cose.payload(), "the claims");
        assertEquals(Set.of(2L, 4L, 6L, 65533L, 65534L), claims.members().keySet());
        var jwt = TestStatus.token(issued.list());
        assertEquals(jwt.getJWTClaimsSet().getSubject(), claims.text(2L));
        assertEquals(jwt.getJWTClaimsSet().getExpirationTime().toInstant().getEpochSecond(), claims.integer(4L));
        assertEquals(60, claims.integer(65534L));
        CborMap list = claims.map(65533L);
        assertEquals(2, list.integer("bits"));
        assertArrayEquals(
                Base64.getUrlDecoder().decode((String) TestStatus.list(jwt).get("lst")), list.bytes("lst"));
        assertEquals(TestStatus.list(jwt).get("aggregation_uri"), list.text("aggregation_uri"));
        for (String accept : List.of(
                "application/statuslist+cwt, application/statuslist+jwt;q=0.5",
                "application/statuslist+cwt, */*;q=0.1")) {
            given().header("Accept", accept)
                    .get("/identity/status-lists/" + issued.list())
                    .then()
                    .statusCode(200)
                    .contentType("application/statuslist+cwt");
        }
    }

    @Test
    void the_form_follows_accept() {
        UUID list = issue("minji", 2, 1).list();
        String path = "/identity/status-lists/" + list;
        for (String accept :
                List.of("*/*", "application/*", "text/html, */*;q=0.1", "application/statuslist+jwt;q=0.5")) {
            given().header("Accept", accept)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .contentType("application/statuslist+jwt")
                    .header("Vary", containsString("Accept"));
        }
        for (String accept : List.of("application/json", "text/html", "application/statuslist+xml")) {
            given().header("Accept", accept).get(path).then().statusCode(406);
        }
    }

    @Test
    void a_copy_that_is_still_good_is_not_sent_again() throws Exception {
        TestStatus.Issued issued = issue("minji", 2, 1);
        String path = "/identity/status-lists/" + issued.list();
        var first = given().get(path).then().statusCode(200).extract();
        String tag = first.header("ETag");
        assertEquals("public, max-age=60, s-maxage=1", first.header("Cache-Control"));
        for (String known : List.of(tag, "\"x\", " + tag, "*", tag.substring(2))) {
            given().header("If-None-Match", known)
                    .get(path)
                    .then()
                    .statusCode(304)
                    .header("ETag", equalTo(tag))
                    .body(equalTo(""));
        }
        given().head(path).then().statusCode(200).header("ETag", equalTo(tag)).body(equalTo(""));
        TestStatus.put(officer(), issued.id(), "revoked", "superseded").then().statusCode(200);
        TestStatus.awaitValue(issued.places().getFirst(), 1);
        given().header("If-None-Match", tag).get(path).then().statusCode(200).header("ETag", not(equalTo(tag)));
    }

    @Test
    void the_past_and_unknown_lists_are_not_told() {
        UUID list = issue("minji", 2, 1).list();
        given().get("/identity/status-lists/" + list + "?time=1686925000")
                .then()
                .statusCode(501);
        given().get("/identity/status-lists/" + UUID.randomUUID()).then().statusCode(404);
        given().get("/identity/status-lists/1").then().statusCode(404);
    }

    @Test
    void all_lists_are_named_in_the_aggregation() {
        UUID list = issue("minji", 2, 1).list();
        String uri = settings.origin() + "/identity/status-lists/" + list;
        given().header("Origin", "https://verifier.example")
                .get("/identity/status-lists")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Access-Control-Allow-Origin", notNullValue())
                .body("status_lists", hasItem(uri));
        given().get("/identity/status-lists?agency=city-hall").then().body("status_lists", hasItem(uri));
        given().get("/identity/status-lists?agency=transport").then().body("status_lists", not(hasItem(uri)));
        given().get("/identity/status-lists?agency=NO").then().statusCode(400);
    }
}
