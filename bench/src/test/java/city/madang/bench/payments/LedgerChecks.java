package city.madang.bench.payments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.Chain;
import city.madang.contracts.LedgerContract;
import city.madang.devstack.process.Await;
import city.madang.devstack.stack.PaymentStack;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What must hold whatever died: asked of the database, the contract and another service's inbox, not of the service. */
final class LedgerChecks {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PaymentStack stack;

    LedgerChecks(PaymentStack stack) {
        this.stack = stack;
    }

    /** Waits until the agency that an event told of can be paid. */
    void agencyIsOpen(String agency) {
        await(
                "the agency's account to open",
                () -> number("select count(*) from account where state = 'open' and owner = '" + agency + "'") > 0);
    }

    /** Waits until everything that was accepted has ended, then checks all. */
    void check(FaultLoad load, EventInbox inbox) throws Exception {
        await(
                "every payment to end",
                () -> number("select count(*) from transfer where state in ('held', 'accepted')") == 0
                        && number("select count(*) from settlement_batch where state = 'recorded'") == 0
                        // an account that an event asked for may have come last
                        && number("select count(*) from account where state = 'opening'") == 0);
        books();
        var states = everyAcceptedPaymentEndedOnce(load);
        billsPaidOnce(load, states);
        databaseIsContract(states);
        everyEventOnce(load, states, inbox);
    }

    private void books() throws SQLException {
        assertEquals(
                0,
                number("select count(*) from (select from booking group by entry having sum(amount) <> 0) e"),
                "both sides of what was booked sum to zero");
        assertEquals(
                0,
                number("select count(*) from account where (available < 0 or held < 0) and owner_kind <> 'system'"),
                "nothing is negative");
        assertEquals(
                0,
                number("select count(*) from account a left join (select account, sum(amount) filter (where bucket ="
                        + " 'available') as available, sum(amount) filter (where bucket = 'held') as held from booking"
                        + " group by account) p on p.account = a.id where a.available <> coalesce(p.available, 0)"
                        + " or a.held <> coalesce(p.held, 0)"),
                "a balance is the sum of what was booked");
    }

    private Map<String, String> everyAcceptedPaymentEndedOnce(FaultLoad load) throws SQLException {
        var states = new TreeMap<String, String>();
        try (var connection = Limits.Database.connect(stack.database());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        // the city's own first payments, which gave everyone money, are larger
                        "select id, state, finished is not null from transfer where amount < 1000")) {
            while (rows.next()) {
                states.put(rows.getString(1), rows.getString(2));
                assertTrue(rows.getBoolean(3), "ended: " + rows.getString(1));
            }
        }
        assertEquals(load.accepted().keySet(), states.keySet(), "what was accepted is there, and nothing else");
        return states;
    }

    private static void billsPaidOnce(FaultLoad load, Map<String, String> states) {
        for (List<String> pair : load.rivals()) {
            var counted =
                    pair.stream().filter(id -> "settled".equals(states.get(id))).count();
            assertTrue(counted <= 1, "a bill was paid twice by " + pair);
        }
    }

    private void databaseIsContract(Map<String, String> states) throws Exception {
        try (var chain = Chain.connect(stack.chain().rpcUrl().toString())) {
            var contract = new LedgerContract(chain, text("select address from chain_ledger"));
            var balances = new TreeMap<String, Long>();
            try (var connection = Limits.Database.connect(stack.database());
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "select id, available + held from account where owner_kind <> 'system'")) {
                while (rows.next()) {
                    balances.put(rows.getString(1), rows.getLong(2));
                }
            }
            var ids = List.copyOf(balances.keySet());
            var found = contract.reader(chain.blockNumber())
                    .accounts(ids.stream().map(Bytes32::new).toList());
            for (var i = 0; i < ids.size(); i++) {
                assertEquals(
                        Optional.of(balances.get(ids.get(i))),
                        found.get(i).map(account -> account.balance()),
                        "balance of " + ids.get(i));
            }
            assertEquals(
                    number("select -available from account where owner_kind = 'system'"), contract.supply(), "supply");
            for (var state : states.entrySet()) {
                var place = contract.settlementOf(new Bytes32(state.getKey()));
                assertEquals(
                        state.getValue().equals("settled"), place.isPresent(), "on the contract: " + state.getKey());
            }
            await(
                    "the service's own reconciler to agree",
                    () -> number("select jsonb_array_length(differences) from reconciliation order by id desc limit 1")
                            == 0);
        }
    }

    private static void everyEventOnce(FaultLoad load, Map<String, String> states, EventInbox inbox) {
        await("every payment's end to be told", () -> states.entrySet().stream()
                .allMatch(state -> inbox.effects("payment." + state.getValue(), state.getKey()) > 0));
        states.forEach((id, state) -> {
            boolean held = Boolean.TRUE.equals(load.accepted().get(id));
            boolean captured = !held || inbox.effects("payment.settled", id) == 1;
            assertEquals(held ? 1 : 0, inbox.effects("payment.held", id), "payment.held of " + id);
            if (captured) {
                assertEquals(1, inbox.effects("payment.accepted", id), "payment.accepted of " + id);
            }
            assertEquals(state.equals("settled") ? 1 : 0, inbox.effects("payment.settled", id), "settled " + id);
            assertEquals(state.equals("reversed") ? 1 : 0, inbox.effects("payment.reversed", id), "reversed " + id);
        });
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static void await(String what, Condition condition) {
        Await.until(
                what,
                PATIENCE,
                () -> {
                    try {
                        return condition.holds();
                    } catch (SQLException notNow) {
                        throw new IOException(notNow);
                    }
                },
                () -> "");
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (var connection = Limits.Database.connect(stack.database());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
