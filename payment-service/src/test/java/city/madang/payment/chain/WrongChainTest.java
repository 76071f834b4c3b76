package city.madang.payment.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@PaymentTest
class WrongChainTest {

    @Inject
    LedgerGate gate;

    private void refuses(String column, String wrong) throws SQLException {
        Wallet payer = City.wallet("minji", 100);
        Wallet payee = City.wallet("junho");
        String right = City.query("select " + column + " from chain_ledger").getFirst();
        var body = payer.signed(payer.pay(payee.account, 1, null));
        City.execute("update chain_ledger set " + column + " = '" + wrong + "'");
        try {
            assertInstanceOf(LedgerState.Refused.class, gate.check());
            Api.Answer answer = Api.post("/payment/authorisations", payer.token, body);
            assertEquals(503, answer.status());
            assertEquals("ledger-unavailable", answer.problem());
            assertEquals(503, Api.management("/q/health/ready").status());
            assertEquals(503, Api.get("/payment/ledger", null).status());
            assertEquals(0, City.number("select count(*) from transfer where payer = '" + payer.account + "'"));
        } finally {
            City.execute("update chain_ledger set " + column + " = '" + right + "'");
        }
        assertInstanceOf(LedgerState.Ready.class, gate.check());
        assertEquals(201, Api.post("/payment/authorisations", payer.token, body).status());
        assertEquals(200, Api.management("/q/health/ready").status());
    }

    @Test
    void a_chain_with_another_beginning_is_refused() throws SQLException {
        refuses("genesis_hash", "0x" + "00".repeat(31) + "01");
    }

    @Test
    void a_ledger_without_code_is_refused() throws SQLException {
        refuses("address", "0x" + "11".repeat(20));
    }

    @Test
    void a_ledger_with_other_code_is_refused() throws SQLException {
        var anchor = city.madang.contracts.AnchorContract.deploy(
                City.sender("records-anchor"), City.sender("records-anchor").address());
        refuses("address", anchor.address());
    }

    @Test
    void another_chain_id_is_refused() throws SQLException {
        refuses("chain_id", "1");
    }
}
