package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@PaymentTest
class AcceptanceTest {

    private static final String PATH = "/payment/authorisations";

    private static List<Api.Answer> together(List<Wallet> payers, List<JsonObject> bodies) {
        List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            sent.add(Api.postAsync(PATH, payers.get(i).token, bodies.get(i)));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }

    private static long transfersFrom(Wallet payer) {
        return City.number("select count(*) from transfer where payer = '" + payer.account + "'");
    }

    @Test
    void an_authorisation_sent_200_times_at_once_takes_effect_once() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject body = payer.signed(payer.pay(payee.account, 300, null));

        List<Api.Answer> answers =
                together(java.util.Collections.nCopies(200, payer), java.util.Collections.nCopies(200, body));

        assertEquals(1, answers.stream().filter(a -> a.status() == 201).count());
        assertEquals(
                199,
                answers.stream().filter(a -> a.status() == 200 && a.replayed()).count());
        assertEquals(1, answers.stream().map(Api.Answer::body).distinct().count());
        assertEquals(1, transfersFrom(payer));
        String id = answers.getFirst().json().getString("id");
        assertEquals("settled", City.finished(payer, id).getString("state"));
        assertEquals(700, payer.state().getLong("balance"));
        assertEquals(700, payer.state().getLong("available"));
        assertEquals(300, payee.state().getLong("balance"));
        assertEquals(
                700,
                City.contract()
                        .account(new Bytes32(payer.account))
                        .orElseThrow()
                        .balance());
    }

    @Test
    void a_bill_is_paid_at_most_once_whoever_pays() {
        Wallet first = City.wallet("minji", 1_000_000);
        Wallet second = City.wallet("minji", 1_000_000);
        Wallet third = City.wallet("junho", 1_000_000);
        JsonObject bill = City.bill("minji", 700);
        List<Wallet> payers = new ArrayList<>();
        List<JsonObject> bodies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Wallet payer = List.of(first, second, third).get(i % 3);
            payers.add(payer);
            bodies.add(payer.signed(payer.pay(bill.getString("payee"), 700, bill.getString("bill_hash"))));
        }

        List<Api.Answer> answers = together(payers, bodies);

        assertEquals(1, answers.stream().filter(a -> a.status() == 201).count());
        List<Api.Answer> refused =
                answers.stream().filter(a -> a.status() != 201).toList();
        assertTrue(
                refused.stream().allMatch(a -> a.status() == 409 && a.problem().equals("bill-already-paid")));
        assertEquals(49, refused.size());
        assertEquals(1, City.number("select count(*) from transfer where bill = '" + bill.getString("id") + "'"));
        Api.await(
                () -> Api.get("/payment/bills/" + bill.getString("id"), first.token)
                        .json()
                        .getString("state"),
                "paid"::equals);
    }

    @Test
    void two_payments_that_together_exceed_the_balance_are_not_both_accepted() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        List<JsonObject> bodies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            bodies.add(payer.signed(payer.pay(payee.account, 600, null)));
        }

        List<Api.Answer> answers = together(java.util.Collections.nCopies(20, payer), bodies);

        assertEquals(1, answers.stream().filter(a -> a.status() == 201).count());
        assertEquals(
                19,
                answers.stream()
                        .filter(a -> a.status() == 409 && a.problem().equals("insufficient-funds"))
                        .count());
        assertEquals(1, transfersFrom(payer));
    }

    @Test
    void one_bad_item_never_fails_its_neighbours() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet payee = City.wallet("junho");
        List<JsonObject> bodies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            JsonObject body = payer.signed(payer.pay(payee.account, 10, null));
            bodies.add(i % 3 == 0 ? body.put("amount", 11) : body);
        }

        List<Api.Answer> answers = together(java.util.Collections.nCopies(60, payer), bodies);

        for (int i = 0; i < 60; i++) {
            assertEquals(
                    i % 3 == 0 ? 422 : 201,
                    answers.get(i).status(),
                    answers.get(i).toString());
        }
    }

    @Test
    void what_the_payer_signed_cannot_be_altered() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        Wallet thief = City.wallet("junho");
        PayAuthorisation pay = payer.pay(payee.account, 100, null);
        JsonObject good = payer.signed(pay);
        List<JsonObject> tampered = List.of(
                good.copy().put("amount", 101),
                good.copy().put("to", thief.account),
                good.copy().put("valid_before", pay.validBefore() + 1),
                good.copy().put("valid_after", pay.validAfter() - 1),
                good.copy().put("nonce", "77777"),
                good.copy().put("bill_hash", "0x" + "11".repeat(32)));

        for (JsonObject body : tampered) {
            Api.Answer answer = Api.post(PATH, payer.token, body);
            assertEquals(422, answer.status());
            assertEquals("bad-signature", answer.problem());
        }
        assertEquals(
                "wrong-key-version",
                Api.post(PATH, payer.token, good.copy().put("key_version", 2)).problem());
        byte[] foreign = Wallet.sign(thief.key, pay);
        assertEquals(
                "bad-signature",
                Api.post(PATH, payer.token, Wallet.body(pay, foreign)).problem());
        assertEquals(0, transfersFrom(payer));
    }

    @Test
    void a_key_that_was_replaced_under_its_own_version_pays_nothing_however_lately_it_did() throws SQLException {
        Wallet payee = City.wallet("junho");
        for (boolean oldFirst : List.of(true, false)) {
            Wallet payer = City.wallet("minji", 1_000);
            assertEquals(201, payer.submit(payer.pay(payee.account, 1, null)).status());
            ECKey next = Wallet.newKey();
            // as after a chain was begun anew: the service follows the contract, whose first key of the account is
            // another
            City.execute("update account set x = '0x"
                    + HexFormat.of().formatHex(next.getX().decode()) + "', y = '0x"
                    + HexFormat.of().formatHex(next.getY().decode()) + "' where id = '" + payer.account + "'");
            PayAuthorisation byOld = payer.pay(payee.account, 2, null);
            PayAuthorisation byNew = payer.pay(payee.account, 3, null);
            List<Supplier<Api.Answer>> both = List.of(
                    () -> payer.submit(byOld),
                    () -> Api.post(PATH, payer.token, Wallet.body(byNew, Wallet.sign(next, byNew))));

            Api.Answer first = both.get(oldFirst ? 0 : 1).get();
            Api.Answer second = both.get(oldFirst ? 1 : 0).get();

            assertEquals("bad-signature", (oldFirst ? first : second).problem());
            assertEquals(201, (oldFirst ? second : first).status());
        }
    }

    @Test
    void the_other_form_of_a_signature_is_a_replay_and_no_second_payment() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        PayAuthorisation pay = payer.pay(payee.account, 100, null);
        byte[] signature = Wallet.sign(payer.key, pay);

        Api.Answer first = Api.post(PATH, payer.token, Wallet.body(pay, signature));
        Api.Answer second = Api.post(PATH, payer.token, Wallet.body(pay, Wallet.malleated(signature)));

        assertEquals(201, first.status());
        assertEquals(200, second.status());
        assertTrue(second.replayed());
        assertEquals(first.body(), second.body());
        assertEquals(1, transfersFrom(payer));
    }

    @Test
    void nobody_pays_from_an_account_of_another() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject body = payer.signed(payer.pay(payee.account, 100, null));

        Api.Answer stranger = Api.post(PATH, TestTokens.user("junho"), body);
        Api.Answer agency = Api.post(PATH, TestTokens.client("transport"), body);

        assertEquals(404, stranger.status());
        assertEquals("unknown-account", stranger.problem());
        assertEquals(404, agency.status());
        assertEquals(0, transfersFrom(payer));
        assertEquals(201, Api.post(PATH, payer.token, body).status());
        String id = Api.post(PATH, payer.token, body).json().getString("id");
        assertEquals(200, Api.get(PATH + "/" + id, TestTokens.user("junho")).status());
        assertEquals(
                404, Api.get(PATH + "/" + id, TestTokens.client("transport")).status());
        assertEquals(
                404,
                Api.get("/payment/accounts/" + payer.account, TestTokens.user("junho"))
                        .status());
    }

    @Test
    void only_within_its_window_is_an_authorisation_taken() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        long now = Instant.now().getEpochSecond();

        assertEquals("expired", window(payer, payee, now - 100, now - 1));
        assertEquals("not-yet-valid", window(payer, payee, now + 100, now + 1000));
        assertEquals("expires-too-soon", window(payer, payee, now - 100, now + 30));
        assertEquals("valid-too-long", window(payer, payee, now - 100, now + 90 * 86_400));
        assertEquals(0, transfersFrom(payer));
    }

    private static String window(Wallet payer, Wallet payee, long after, long before) {
        PayAuthorisation pay = payer.pay(payee.account, 1, null);
        return payer.submit(
                        new PayAuthorisation(pay.from(), 1, pay.to(), 1, pay.billHash(), pay.nonce(), after, before))
                .problem();
    }

    @Test
    void a_bill_is_paid_as_it_says_or_not_at_all() {
        Wallet payer = City.wallet("minji", 10_000);
        Wallet other = City.wallet("junho");
        JsonObject bill = City.bill("minji", 500);
        String hash = bill.getString("bill_hash");
        String payee = bill.getString("payee");

        assertEquals("bill-mismatch", payer.submit(payer.pay(payee, 499, hash)).problem());
        assertEquals(
                "bill-mismatch",
                payer.submit(payer.pay(other.account, 500, hash)).problem());
        assertEquals(
                "unknown-bill",
                payer.submit(payer.pay(payee, 500, "0x" + "12".repeat(32))).problem());
        assertEquals(
                "self-payment", payer.submit(payer.pay(payer.account, 5, null)).problem());
        assertEquals(
                "unknown-payee",
                payer.submit(payer.pay("0x" + "34".repeat(32), 5, null)).problem());
        assertEquals(
                "open",
                Api.get("/payment/bills/" + bill.getString("id"), payer.token)
                        .json()
                        .getString("state"));
        assertEquals(0, transfersFrom(payer));
    }

    @Test
    void a_nonce_is_taken_once() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        PayAuthorisation pay = payer.pay(payee.account, 1, null);
        assertEquals(201, payer.submit(pay).status());

        Api.Answer again = payer.submit(new PayAuthorisation(
                pay.from(), 1, pay.to(), 2, pay.billHash(), pay.nonce(), pay.validAfter(), pay.validBefore()));

        assertEquals(409, again.status());
        assertEquals("nonce-used", again.problem());
    }

    @Test
    void all_that_is_wrong_with_a_body_is_named() {
        Wallet payer = City.wallet("minji", 100);
        JsonObject body = payer.signed(payer.pay(payer.account, 1, null))
                .put("to", "0xAB")
                .put("valid_after", -1);

        Api.Answer answer = Api.post("/payment/authorisations", payer.token, body);

        assertEquals(400, answer.status());
        assertEquals(
                Set.of(
                        new JsonObject()
                                .put("field", "to")
                                .put("in", "body")
                                .put("message", "must match \"0x[0-9a-f]{64}\""),
                        new JsonObject()
                                .put("field", "valid_after")
                                .put("in", "body")
                                .put("message", "must be greater than or equal to 0")),
                answer.json().getJsonArray("violations").stream().collect(Collectors.toSet()));
    }

    @Test
    void bad_input_of_each_kind_gets_a_problem_and_changes_nothing() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        JsonObject good = payer.signed(payer.pay(payee.account, 1, null));
        List<String> bad = new ArrayList<>(List.of("", "[]", "null", "{", "{}", "\"x\"", good.encode() + "x"));
        for (String member : good.fieldNames()) {
            JsonObject without = good.copy();
            without.remove(member);
            bad.add(without.encode());
            bad.add(good.copy().putNull(member).encode());
            bad.add(good.copy().put(member, new JsonObject()).encode());
            bad.add(good.copy().put(member, true).encode());
            bad.add(good.copy().put(member, "x".repeat(100)).encode());
        }
        for (Object amount : List.of(0, -1, 1.5, "1", 1_000_000_000_001L, 1e30)) {
            bad.add(good.copy().put("amount", amount).encode());
        }
        for (String nonce : List.of("-1", "01", "0x1", "1e3", "9".repeat(78), "9".repeat(79))) {
            bad.add(good.copy().put("nonce", nonce).encode());
        }
        bad.add(good.copy()
                .put("from", good.getString("from").toUpperCase(java.util.Locale.ROOT))
                .encode());
        bad.add(good.copy().put("signature", good.getString("signature") + "=").encode());
        bad.add(good.copy().put("surplus", 1).encode());
        bad.add(good.copy().put("valid_after", good.getLong("valid_before")).encode());

        for (String body : bad) {
            Api.Answer answer = Api.send(Api.posting(PATH, payer.token, body));
            assertTrue(answer.status() >= 400 && answer.status() < 500 && answer.isProblem(), body + " -> " + answer);
        }
        // the server itself cuts off what is too long; who asks first gets its answer for certain, who sends on may
        // find it lost
        String long600k = good.copy().put("signature", "A".repeat(600_000)).encode();
        HttpRequest asking = HttpRequest.newBuilder(Api.posting(PATH, payer.token, long600k), (name, value) -> true)
                .expectContinue(true)
                .build();
        assertEquals(413, Api.send(asking).status());
        assertEquals(0, transfersFrom(payer));
        assertEquals(201, Api.post(PATH, payer.token, good).status());
    }

    @Test
    void an_accepted_authorisation_is_told_as_an_event_without_names() {
        Wallet payer = City.wallet("minji", 1_000);
        Wallet payee = City.wallet("junho");
        String id = payer.submit(payer.pay(payee.account, 5, null)).json().getString("id");
        City.finished(payer, id);

        Set<String> types = Api.await(() -> Events.about(id), found -> found.size() >= 2).stream()
                .map(Events.Told::type)
                .collect(Collectors.toSet());

        assertEquals(Set.of("payment.accepted", "payment.settled"), types);
        Events.about(id).forEach(told -> assertTrue(!told.data().contains(TestTokens.subject("minji"))));
    }
}
