package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.authorisations.Events;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the contract refuses or can't take keeps nobody else waiting, and nobody's money. */
@PaymentTest
@TestProfile(CrashTest.NoSettler.class)
class RefusalTest {

    /** Long enough to be accepted, short enough to wait for. */
    private static final long SOON_SECONDS = 3;

    @Inject
    Settlement settlement;

    @Inject
    TransferSettler transfers;

    @Inject
    TreasurySettler treasury;

    @Inject
    BatchStore batches;

    @Inject
    LedgerGate gate;

    private Wallet open(String user, long won) {
        return Turns.during(settlement, () -> {
            Wallet wallet = won == 0 ? City.wallet(user) : City.wallet(user, won);
            Api.await(() -> wallet.state().getString("state"), "open"::equals);
            return wallet;
        });
    }

    private static PayAuthorisation soon(PayAuthorisation pay) {
        return new PayAuthorisation(
                pay.from(),
                pay.keyVersion(),
                pay.to(),
                pay.amount(),
                pay.billHash(),
                pay.nonce(),
                pay.validAfter(),
                Instant.now().getEpochSecond() + SOON_SECONDS);
    }

    private static String accepted(Wallet payer, PayAuthorisation pay) {
        return City.expect(201, payer.submit(pay)).json().getString("id");
    }

    private static JsonObject found(Wallet payer, String id) {
        return Api.get("/payment/authorisations/" + id, payer.token).json();
    }

    @Test
    void what_expires_while_it_waits_is_reversed_once_and_its_bill_can_be_paid_again() throws Exception {
        Wallet payer = open("minji", 1_000);
        JsonObject bill = Turns.during(settlement, () -> City.bill("minji", 300));
        String id = accepted(payer, soon(payer.pay(bill.getString("payee"), 300, bill.getString("bill_hash"))));
        assertEquals(700, payer.state().getLong("available"));
        Thread.sleep(1_000 * (SOON_SECONDS + 1));

        settlement.turn();
        settlement.turn();

        assertEquals("reversed", found(payer, id).getString("state"));
        assertEquals("expired", found(payer, id).getString("reason"));
        assertEquals(1_000, payer.state().getLong("available"));
        assertEquals(1_000, payer.state().getLong("balance"));
        String path = "/payment/bills/" + bill.getString("id");
        assertEquals("open", Api.get(path, payer.token).json().getString("state"));
        String again = accepted(payer, payer.pay(bill.getString("payee"), 300, bill.getString("bill_hash")));
        settlement.turn();
        assertEquals("settled", found(payer, again).getString("state"));
        assertEquals("paid", Api.get(path, payer.token).json().getString("state"));
        Api.await(
                () -> Events.about(again).stream().map(Events.Told::type).toList(),
                types -> types.contains("payment.settled"));
        assertEquals(
                List.of("payment.accepted", "payment.reversed"),
                Events.about(id).stream().map(Events.Told::type).toList());
    }

    @Test
    void an_account_that_the_contract_refuses_keeps_neither_others_waiting_nor_money() throws Exception {
        Wallet payer = open("minji", 1_000);
        String never = new Bytes32("0x" + UUID.randomUUID().toString().replace("-", "") + "0".repeat(32)).hex();
        // its key is no point of the curve
        City.execute("insert into account (id, owner_kind, owner, x, y, key_version, state, created) values ('" + never
                + "', 'citizen', 'nobody', '0x" + "0".repeat(63) + "1', '" + never + "', 1, 'opening', 'epoch')");
        String stuck = accepted(payer, soon(payer.pay(never, 400, null)));

        Wallet other = open("junho", 0);
        String paid = accepted(payer, payer.pay(other.account, 100, null));
        settlement.turn();
        assertEquals("settled", found(payer, paid).getString("state"));
        assertEquals(500, payer.state().getLong("available"));
        Thread.sleep(1_000 * (SOON_SECONDS + 1));
        settlement.turn();

        assertEquals("expired", found(payer, stuck).getString("reason"));
        assertEquals(900, payer.state().getLong("available"));
    }

    @Test
    void what_was_in_a_failed_transaction_lets_the_others_go_first() {
        Wallet payer = open("minji", 1_000);
        Wallet payee = open("junho", 0);
        String first = accepted(payer, payer.pay(payee.account, 10, null));
        batches.fail(transfers.record().orElseThrow().batch());
        String second = accepted(payer, payer.pay(payee.account, 20, null));

        Batch next = batches.recordNext(1, Long.MAX_VALUE).orElseThrow().batch();

        assertEquals(
                List.of(second),
                next.items().stream().map(item -> item.id().hex()).toList());
        settlement.turn();
        assertEquals("settled", found(payer, first).getString("state"));
        assertEquals("settled", found(payer, second).getString("state"));
    }

    @Test
    void a_reserve_that_the_contract_refuses_does_not_count() throws Exception {
        Wallet wallet = open("minji", 1_000);
        Bytes32 hidden = Bytes32.of(new BigInteger(250, new Random()));
        City.contract().proposeMint(City.sender("treasurer-a"), hidden, new Bytes32(wallet.account), 7);
        City.contract().approveMint(City.sender("treasurer-b"), hidden);
        long committed = City.number("select committed from treasury");

        Api.Answer answer = Api.post(
                "/payment/treasury/reserve",
                TestTokens.user("auditor"),
                new JsonObject().put("amount", committed).put("evidence_sha256", "0x" + "ef".repeat(32)));
        assertEquals(201, answer.status());
        assertEquals("pending", answer.json().getString("state"));
        treasury.settle(gate.ready());

        JsonObject latest =
                Api.get("/payment/treasury/reserve", TestTokens.user("auditor")).json();
        assertEquals("refused", latest.getString("state"));
        assertEquals(committed, latest.getLong("amount"));
        assertEquals(
                City.contract().reserve(),
                BigInteger.valueOf(
                        Api.get("/payment/treasury/supply", null).json().getLong("reserve")));
        City.bookByHand(wallet.account, 7);
    }

    @Test
    void a_mint_that_a_crash_left_unbooked_tells_its_transaction() {
        Wallet wallet = open("minji", 1_000);
        String mint = City.expect(
                        201,
                        Api.post(
                                "/payment/treasury/mints",
                                TestTokens.user("treasurer.a"),
                                new JsonObject().put("to", wallet.account).put("amount", 5)))
                .json()
                .getString("id");
        String path = "/payment/treasury/mints/" + mint;
        City.expect(200, Api.post(path + "/approval", TestTokens.user("treasurer.b"), new JsonObject()));
        Bytes32 onChain = TreasurySettler.chainId(UUID.fromString(mint));
        City.contract().proposeMint(City.sender("treasurer-a"), onChain, new Bytes32(wallet.account), 5);
        String hash =
                City.contract().approveMint(City.sender("treasurer-b"), onChain).getTransactionHash();

        treasury.bookMinted(gate.ready());
        treasury.settle(gate.ready());

        JsonObject found = Api.get(path, TestTokens.user("auditor")).json();
        assertEquals("settled", found.getString("state"));
        assertEquals(hash, found.getString("transaction_hash"));
        assertEquals(1_005, wallet.state().getLong("balance"));
        assertEquals(1, City.booked("mint", mint));
    }
}
