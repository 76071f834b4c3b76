package city.madang.payment.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger that booked by entries and postings, and processes that still do, under the version in which a payment books itself. */
@PaymentTest
class UpgradeTest {

    private static final String SCHEMA = "upgrade";
    private static final String PAYER = "0x" + "a1".repeat(32);
    private static final String PAYEE = "0x" + "b2".repeat(32);

    private Connection ledger;

    private static void migrate(String version) {
        Flyway.configure()
                .dataSource(
                        City.config("quarkus.datasource.jdbc.url"),
                        City.config("quarkus.datasource.username"),
                        City.config("quarkus.datasource.password"))
                .schemas(SCHEMA)
                .locations("db/kit", "db/migration")
                .target(version)
                .load()
                .migrate();
    }

    /** A ledger of the version before, in a schema of its own. */
    @BeforeEach
    void before() throws SQLException {
        ledger = City.database();
        run("drop schema if exists " + SCHEMA + " cascade");
        migrate("1.25");
        run("set search_path to " + SCHEMA);
        for (String id : new String[] {PAYER, PAYEE}) {
            run("insert into account (id, owner_kind, owner, x, y, key_version, state) values ('" + id
                    + "', 'citizen', 'minji', '" + id + "', '" + id + "', 1, 'open')");
        }
        run("update treasury set reserve = 1000, committed = 1000");
        String mint = UUID.randomUUID().toString();
        run("insert into mint (id, payee, amount, proposed_by, approved_by, state) values ('" + mint + "', '" + PAYER
                + "', 1000, 'a', 'b', 'settled')");
        run("with e as (insert into entry (kind, mint) values ('mint', '" + mint
                + "') returning id) insert into posting"
                + " select id, account, 'available', amount from e, (values ('" + Books.ISSUANCE + "', -1000), ('"
                + PAYER
                + "', 1000)) side (account, amount)");
    }

    @AfterEach
    void gone() throws SQLException {
        run("drop schema " + SCHEMA + " cascade");
        ledger.close();
    }

    private void run(String sql) throws SQLException {
        try (var statement = ledger.createStatement()) {
            statement.execute(sql);
        }
    }

    private String one(String sql) throws SQLException {
        try (var statement = ledger.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    /** Accepts a payment as the version before does: its row, an entry, its postings, in one statement. */
    private String accepted(int number, long amount) throws SQLException {
        String id = "0x" + "%064x".formatted(number);
        run("with t as (insert into transfer (id, payer, key_version, payee, amount, bill_hash, nonce, valid_after,"
                + " valid_before, signature) values ('" + id + "', '" + PAYER + "', 1, '" + PAYEE + "', " + amount
                + ", '" + Books.ISSUANCE + "', '" + id + "', 0, 2000000000, '" + "s".repeat(86)
                + "') returning id, payer, amount),"
                + " e as (insert into entry (kind, transfer) select 'acceptance', id from t returning id, transfer)"
                + " insert into posting select e.id, t.payer, side.bucket, side.sign * t.amount from e join t on t.id ="
                + " e.transfer cross join (values ('available', -1), ('held', 1)) side (bucket, sign)");
        return id;
    }

    /** Ends it as the version before does, in one transaction. */
    private void settled(String id) throws SQLException {
        run("begin");
        run(
                "update transfer set state = 'settled', finished = now(), transaction_hash = id, block_number = 1 where id = '"
                        + id + "'");
        run("with t as (select id, payer, payee, amount from transfer where id = '" + id + "'),"
                + " e as (insert into entry (kind, transfer) select 'settlement', id from t returning id, transfer)"
                + " insert into posting select e.id, t.payer, 'held', -t.amount from e join t on t.id = e.transfer"
                + " union all select e.id, t.payee, 'available', t.amount from e join t on t.id = e.transfer");
        run("commit");
    }

    private void reversed(String id) throws SQLException {
        run("update transfer set state = 'reversed', reason = 'EXPIRED', finished = now() where id = '" + id + "'");
        run("with t as (select id, payer, amount from transfer where id = '" + id + "'),"
                + " e as (insert into entry (kind, transfer) select 'reversal', id from t returning id, transfer)"
                + " insert into posting select e.id, t.payer, side.bucket, side.sign * t.amount from e join t on t.id ="
                + " e.transfer cross join (values ('available', 1), ('held', -1)) side (bucket, sign)");
    }

    private String balances() throws SQLException {
        return one("select string_agg(available || '+' || held, ' ' order by id) from account where owner = 'minji'");
    }

    private long drifted() throws SQLException {
        return Long.parseLong(one("select count(*) from account a left join (select account,"
                + " sum(amount) filter (where bucket = 'available') as available,"
                + " sum(amount) filter (where bucket = 'held') as held from booking group by account) b on b.account = a.id"
                + " where a.available <> coalesce(b.available, 0) or a.held <> coalesce(b.held, 0)"));
    }

    @Test
    void what_was_booked_stays_booked_and_balances_stay() throws SQLException {
        settled(accepted(1, 100));
        reversed(accepted(2, 50));
        accepted(3, 7);
        assertEquals("893+7 100+0", balances());

        migrate("latest");

        assertEquals("893+7 100+0", balances());
        assertEquals(0, drifted());
        assertEquals("6", one("select count(distinct entry) from booking"));
    }

    @Test
    void a_process_of_the_version_before_moves_money_once_while_it_still_runs() throws SQLException {
        String waiting = accepted(1, 100);
        migrate("latest");

        settled(waiting);
        settled(accepted(2, 50));
        reversed(accepted(3, 20));
        accepted(4, 5);

        assertEquals("845+5 150+0", balances());
        assertEquals(0, drifted());
    }

    @Test
    void a_ledger_whose_balances_are_wrong_is_not_taken_over() throws SQLException {
        settled(accepted(1, 100));
        run("update account set available = available + 1 where id = '" + PAYEE + "'");

        FlywayException refused = assertThrows(FlywayException.class, () -> migrate("latest"));

        assertTrue(
                refused.getMessage().contains("the balance of account " + PAYEE + " is not what its payments make"),
                refused.getMessage());
        assertEquals("2", one("select count(*) from entry where kind <> 'mint'"));
    }
}
