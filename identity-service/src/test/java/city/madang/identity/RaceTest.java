package city.madang.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is good once is good once for requests that arrive at the same moment, too. */
@QuarkusTest
class RaceTest {

    private static final int AT_ONCE = 12;

    private static final int WALLETS = 64;

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestCity.register("transport");
    }

    /** All wait for each other before they are sent. */
    static List<Response> atOnce(int many, IntFunction<Callable<Response>> request) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Response>> sent = new ArrayList<>();
        try (ExecutorService senders = Executors.newFixedThreadPool(many)) {
            for (int i = 0; i < many; i++) {
                Callable<Response> one = request.apply(i);
                sent.add(senders.submit(() -> {
                    go.await();
                    return one.call();
                }));
            }
            go.countDown();
        }
        List<Response> answers = new ArrayList<>();
        for (Future<Response> each : sent) {
            answers.add(each.get());
        }
        return answers;
    }

    private static long count(List<Response> answers, int status) {
        return answers.stream().filter(answer -> answer.statusCode() == status).count();
    }

    private static void oneWins(List<Response> answers, int refused) {
        assertEquals(
                1,
                count(answers, 200),
                () -> answers.stream().map(Response::asString).toList().toString());
        assertEquals(answers.size() - 1, count(answers, refused));
    }

    private static String token() {
        Map<String, Object> offer = TestWallet.residencyOffer();
        return TestWallet.token(TestWallet.code(TestWallet.fetchOffer(offer)), (String) offer.get("tx_code"))
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    @Test
    void of_many_token_requests_with_one_code_exactly_one_wins() throws Exception {
        Map<String, Object> offer = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(offer));
        oneWins(atOnce(AT_ONCE, i -> () -> TestWallet.token(code, (String) offer.get("tx_code"))), 400);
    }

    @Test
    void a_hundred_guesses_at_once_are_still_five() throws Exception {
        Map<String, Object> offer = TestWallet.residencyOffer();
        String code = TestWallet.code(TestWallet.fetchOffer(offer));
        int right = Integer.parseInt((String) offer.get("tx_code"));
        List<Response> answers =
                atOnce(100, i -> () -> TestWallet.token(code, "%06d".formatted((right + 1 + i) % 1_000_000)));
        assertEquals(100, count(answers, 400));
        assertEquals(
                5,
                answers.stream()
                        .filter(answer -> answer.asString().contains("the transaction code is wrong"))
                        .count());
        TestWallet.token(code, (String) offer.get("tx_code")).then().statusCode(400);
        assertEquals(5, number("select wrong_guesses from credential_offer where id = $1", offer.get("id")));
        assertEquals(
                1,
                number(
                        "select count(*)::int from credential_offer where id = $1 and state = 'locked'"
                                + " and claims is null",
                        offer.get("id")));
    }

    private int number(String query, Object id) {
        return pool.preparedQuery(query)
                .execute(Tuple.of(UUID.fromString((String) id)))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getInteger(0);
    }

    @Test
    void of_many_keys_for_one_token_exactly_one_is_bound() throws Exception {
        String token = token();
        List<String> proofs = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            proofs.add(new TestWallet().proof(TestWallet.nonce()));
        }
        oneWins(atOnce(AT_ONCE, i -> () -> TestWallet.credential(token, "residency", proofs.get(i))), 400);
    }

    @Test
    void a_wallet_that_asks_many_times_at_once_gets_one_and_the_same_credential() throws Exception {
        String token = token();
        TestWallet wallet = new TestWallet();
        List<String> proofs = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            proofs.add(wallet.proof(TestWallet.nonce()));
        }
        List<Response> answers = atOnce(AT_ONCE, i -> () -> TestWallet.credential(token, "residency", proofs.get(i)));
        assertEquals(AT_ONCE, count(answers, 200));
        assertEquals(
                1, answers.stream().map(Response::asString).distinct().count(), "one issuance, however often asked");
    }

    @Test
    void a_nonce_used_for_many_offers_at_once_serves_one() throws Exception {
        String proof = new TestWallet().proof(TestWallet.nonce());
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            tokens.add(token());
        }
        List<Response> answers = atOnce(AT_ONCE, i -> () -> TestWallet.credential(tokens.get(i), "residency", proof));
        oneWins(answers, 400);
        assertEquals(
                AT_ONCE - 1,
                answers.stream()
                        .filter(answer -> answer.asString().contains("invalid_nonce"))
                        .count());
    }

    @Test
    void of_many_answers_to_one_request_exactly_one_is_taken_and_its_result_read_once() throws Exception {
        TestWallet wallet = new TestWallet();
        String credential = wallet.receive(TestWallet.residencyOffer());
        TestVerification asked = TestVerification.asked("transport", TestVerification.STREET_AND_DISTRICT);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < WALLETS; i++) {
            answers.add(TestVerification.encrypted(
                    Map.of(
                            "vp_token",
                            Map.of(
                                    "residency",
                                    List.of(wallet.present(
                                            credential,
                                            Set.of("street_address", "district"),
                                            asked.clientId(),
                                            asked.nonce()))),
                            "state",
                            asked.request().get("state")),
                    asked.encryptionKey(),
                    EncryptionMethod.A256GCM));
        }
        oneWins(atOnce(WALLETS, i -> () -> asked.send(answers.get(i))), 400);
        List<Response> read = atOnce(WALLETS, i -> () -> asked.result("transport"));
        oneWins(read, 410);
        assertTrue(read.stream().filter(answer -> answer.statusCode() == 200).allMatch(answer -> "no-store"
                .equals(answer.header("Cache-Control"))));
    }
}
