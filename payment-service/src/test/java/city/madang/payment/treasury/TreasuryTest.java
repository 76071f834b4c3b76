package city.madang.payment.treasury;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@PaymentTest
class TreasuryTest {

    private static final String MINTS = "/payment/treasury/mints";

    private static Api.Answer attest(long amount) {
        return Api.post(
                "/payment/treasury/reserve",
                TestTokens.user("auditor"),
                new JsonObject().put("amount", amount).put("evidence_sha256", "0x" + "cd".repeat(32)));
    }

    private static String propose(String to, long amount) {
        return City.expect(
                        201,
                        Api.post(
                                MINTS,
                                TestTokens.user("treasurer.a"),
                                new JsonObject().put("to", to).put("amount", amount)))
                .json()
                .getString("id");
    }

    private static Api.Answer approve(String treasurer, String mint) {
        return Api.post(MINTS + "/" + mint + "/approval", TestTokens.user(treasurer), new JsonObject());
    }

    private static long committed() {
        return City.number("select committed from treasury");
    }

    @Test
    void a_mint_needs_two_different_treasurers() {
        Wallet wallet = City.wallet("minji", 10);
        String mint = propose(wallet.account, 500);

        Api.Answer self = approve("treasurer.a", mint);
        assertEquals(403, self.status());
        assertEquals("same-treasurer", self.problem());
        assertEquals(403, approve("minji", mint).status());
        assertEquals(10, wallet.state().getLong("balance"));

        assertEquals(200, approve("treasurer.b", mint).status());
        assertEquals(200, approve("treasurer.b", mint).status());
        Api.await(() -> wallet.state().getLong("balance"), balance -> balance == 510);
        assertEquals(1, City.booked("mint", mint));
        assertThrows(
                SQLException.class,
                () -> City.execute("insert into mint (id, payee, amount, proposed_by, approved_by, state) values"
                        + " (gen_random_uuid(), '" + wallet.account + "', 1, 'a', 'a', 'approved')"));
    }

    @Test
    void what_is_not_valid_is_named_as_in_the_body() {
        Api.Answer answer = Api.post(
                "/payment/treasury/reserve",
                TestTokens.user("auditor"),
                new JsonObject().put("amount", 1).put("evidence_sha256", "none"));

        assertEquals(400, answer.status());
        assertEquals(
                "evidence_sha256",
                answer.json().getJsonArray("violations").getJsonObject(0).getString("field"));
    }

    @Test
    void supply_never_exceeds_the_reserve() {
        Wallet wallet = City.wallet("minji", 10);
        assertEquals(201, attest(committed() + 1_000).status());

        assertEquals(
                "above-reserve",
                approve("treasurer.b", propose(wallet.account, 1_001)).problem());
        List<String> mints = IntStream.range(0, 8)
                .mapToObj(i -> propose(wallet.account, 300))
                .toList();
        List<Integer> answers = mints.stream()
                .map(mint -> Api.postAsync(
                        MINTS + "/" + mint + "/approval", TestTokens.user("treasurer.b"), new JsonObject()))
                .toList()
                .stream()
                .map(answer -> answer.join().status())
                .toList();

        assertEquals(3, answers.stream().filter(status -> status == 200).count());
        assertEquals(5, answers.stream().filter(status -> status == 409).count());
        assertEquals("reserve-below-supply", attest(committed() - 1).problem());
        Api.await(() -> wallet.state().getLong("balance"), balance -> balance == 910);
        JsonObject supply = Api.get("/payment/treasury/supply", null).json();
        assertEquals(supply.getLong("supply"), City.contract().supply());
        assertEquals(
                BigInteger.valueOf(supply.getLong("reserve")), City.contract().reserve());
        assertThrows(SQLException.class, () -> City.execute("update treasury set committed = reserve + 1"));
    }
}
