package city.madang.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import city.madang.devstack.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.restassured.response.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An answer may be lost on the way: neither is an offer lost with it, nor made twice. */
@QuarkusTest
class OfferRenewalTest {

    private static final String OFFERS = "/identity/credential-offers";

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    private static Response renew(String user, Object id) {
        return TestCity.citizen(user).post(OFFERS + "/" + id + "/renewal");
    }

    private static Map<String, Object> seen(Object id) {
        return TestCity.citizen("minji").get(OFFERS + "/" + id).as(new TypeRef<>() {});
    }

    private static Response redeem(Map<String, Object> seen) {
        return TestWallet.token(TestWallet.code(TestWallet.fetchOffer(seen)), (String) seen.get("tx_code"));
    }

    private static String token(Map<String, Object> seen) {
        return redeem(seen).then().statusCode(200).extract().path("access_token");
    }

    private static Response issue(String token) {
        return TestWallet.credential(token, "residency", new TestWallet().proof(TestWallet.nonce()));
    }

    @Test
    void whoever_lost_a_token_gets_a_new_code_and_what_was_granted_before_has_ended() {
        Map<String, Object> first = TestWallet.residencyOffer();
        String oldCode = TestWallet.code(TestWallet.fetchOffer(first));
        String lost = token(first);

        renew("minji", first.get("id")).then().statusCode(204);
        Map<String, Object> second = seen(first.get("id"));

        assertEquals("offered", second.get("state"));
        assertNotEquals(oldCode, TestWallet.code(TestWallet.fetchOffer(second)));
        TestWallet.token(oldCode, (String) second.get("tx_code"))
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_grant"));
        issue(lost).then().statusCode(401).body("error", equalTo("invalid_token"));
        issue(token(second)).then().statusCode(200).body("credentials[0].credential", notNullValue());
        renew("minji", first.get("id")).then().statusCode(409);
        assertEquals("issued", seen(first.get("id")).get("state"));
    }

    @Test
    void an_offer_is_its_holders_to_renew_and_nobody_elses() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        token(offer);

        renew("junho", offer.get("id")).then().statusCode(404);
        renew("minji", UUID.randomUUID()).then().statusCode(404);
        assertEquals("redeemed", seen(offer.get("id")).get("state"));
    }

    @Test
    void an_offer_that_waits_stays_as_it_is_and_guesses_stay_counted() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(offer));
        for (int guess = 0; guess < 4; guess++) {
            TestWallet.token(code, wrong(offer)).then().statusCode(400);
        }
        renew("minji", offer.get("id")).then().statusCode(204);
        assertEquals(code, TestWallet.code(TestWallet.fetchOffer(seen(offer.get("id")))));
        token(offer);
        renew("minji", offer.get("id")).then().statusCode(204);

        Map<String, Object> anew = seen(offer.get("id"));
        TestWallet.token(TestWallet.code(TestWallet.fetchOffer(anew)), wrong(anew))
                .then()
                .statusCode(400);

        assertEquals("locked", seen(offer.get("id")).get("state"));
        renew("minji", offer.get("id")).then().statusCode(409);
    }

    private static String wrong(Map<String, Object> offer) {
        return "%06d".formatted((Integer.parseInt((String) offer.get("tx_code")) + 1) % 1_000_000);
    }

    private static Response offer(String agency, String key, String district) {
        return TestCity.agency(agency)
                .header("Idempotency-Key", key)
                .body(Map.of(
                        "credential_configuration_id", "residency",
                        "holder", TestTokens.subject("minji"),
                        "claims", Map.of("district", district)))
                .post(OFFERS);
    }

    @Test
    void a_request_that_is_repeated_with_its_key_makes_one_offer() throws Exception {
        String key = UUID.randomUUID().toString();
        Set<String> ids = new HashSet<>();
        int made = 0;
        try (var senders = Executors.newFixedThreadPool(8)) {
            List<Callable<Response>> requests = IntStream.range(0, 8)
                    .<Callable<Response>>mapToObj(i -> () -> offer("city-hall", key, "중구"))
                    .toList();
            for (Future<Response> each : senders.invokeAll(requests)) {
                Response answer = each.get();
                made += answer.statusCode() == 201 ? 1 : 0;
                assertEquals(answer.statusCode() == 200 ? "true" : null, answer.header("Idempotency-Replayed"));
                ids.add(answer.path("id"));
            }
        }

        assertEquals(1, ids.size(), ids.toString());
        assertEquals(1, made);
        assertNotEquals(
                ids.iterator().next(),
                offer("city-hall", key, "마포구").then().statusCode(201).extract().path("id"));
        assertNotEquals(
                ids.iterator().next(),
                offer("city-hall", UUID.randomUUID().toString(), "중구")
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id"));
        offer("city-hall", "no spaces", "중구").then().statusCode(400);
    }
}
