package city.madang.payment.ledger;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * What is booked when. Balances move by these postings alone: the database adds them up, and refuses a statement whose
 * postings don't sum to zero for each entry.
 *
 * <table>
 * <caption>postings of an amount a</caption>
 * <tr><td>acceptance, of a hold too</td><td>payer available −a, payer held +a</td></tr>
 * <tr><td>settlement</td><td>payer held −a, payee available +a; of a hold captured in part, b: payer held −a, payee available +b,
 *     payer available +(a−b)</td></tr>
 * <tr><td>reversal</td><td>payer held −a, payer available +a</td></tr>
 * <tr><td>mint</td><td>issuance available −a, payee available +a</td></tr>
 * <tr><td>burn</td><td>redemption available −a, issuance available +a</td></tr>
 * </table>
 *
 * <p>So a payee spends what has settled only, and a reversal can't overdraw anyone. Accounts must be locked in id order
 * beforehand ({@link #lock}), then bills, then payments that are refunded: this order keeps transactions from waiting in a
 * circle.
 */
public final class Books {

    /** The account on the other side of every mint: its balance is minus the supply. */
    public static final String ISSUANCE = "0x" + "0".repeat(64);

    /** The account into which holders pay what they redeem; it never has a key, on the contract neither. */
    public static final String REDEMPTION = "0xaeeb477b9600955ff731af0e61ccae33346ebd75c4dfb75eb7b20b10ee100605";

    /** Accounts that belong to nobody: none is minted to. */
    public static final Set<String> SYSTEM = Set.of(ISSUANCE, REDEMPTION);

    private static final String SETTLEMENT = end(
            "settlement",
            """
            select e.id, t.payee, 'available', t.moved from e join t on t.id = e.transfer
            union all
            select e.id, t.payer, 'available', t.amount - t.moved from e join t on t.id = e.transfer where t.amount > t.moved
            """);
    private static final String REVERSAL =
            end("reversal", "select e.id, t.payer, 'available', t.amount from e join t on t.id = e.transfer");

    private Books() {}

    private static String end(String kind, String receivers) {
        return """
                with t as (select id, payer, payee, amount, coalesce(captured_amount, amount) as moved
                             from transfer where id = any($1)),
                     e as (insert into entry (kind, transfer) select '%s', id from t order by id returning id, transfer)
                insert into posting (entry, account, bucket, amount)
                select e.id, t.payer, 'held', -t.amount from e join t on t.id = e.transfer
                union all
                %s
                """
                .formatted(kind, receivers);
    }

    /** Locks accounts until the transaction ends, in the one order that keeps transactions from waiting in a circle. */
    public static Uni<Void> lock(SqlClient connection, Collection<String> accounts) {
        return connection
                // "no key": rows that refer to the account may still be inserted by others
                .preparedQuery("select id from account where id = any($1) order by id for no key update")
                .execute(Tuple.of(accounts.toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** Locks bills, after accounts: what counts towards them moves with their transfers. */
    public static Uni<Void> lockBills(SqlClient connection, Collection<UUID> bills) {
        return bills.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery("select id from bill where id = any($1) order by id for no key update")
                        .execute(Tuple.of(bills.toArray(UUID[]::new)))
                        .replaceWithVoid();
    }

    /** Locks payments that are refunded, after bills: what is refunded of them moves with their refunds. */
    public static Uni<Void> lockTransfers(SqlClient connection, Collection<String> transfers) {
        return transfers.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery("select id from transfer where id = any($1) order by id for no key update")
                        .execute(Tuple.of(transfers.toArray(String[]::new)))
                        .replaceWithVoid();
    }

    /** Books that the contract moved these transfers' amounts. */
    public static Uni<Void> settle(SqlClient connection, Collection<String> transfers) {
        return book(connection, SETTLEMENT, transfers);
    }

    /** Books that these transfers' amounts are their payers' again. */
    public static Uni<Void> reverse(SqlClient connection, Collection<String> transfers) {
        return book(connection, REVERSAL, transfers);
    }

    private static Uni<Void> book(SqlClient connection, String sql, Collection<String> transfers) {
        return transfers.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(sql)
                        .execute(Tuple.of(transfers.toArray(String[]::new)))
                        .replaceWithVoid();
    }

    /** Books a burn that the contract has made. */
    public static Uni<Void> burn(SqlClient connection, UUID redemption) {
        return connection
                .preparedQuery(
                        """
                        with r as (select id, amount from redemption where id = $1),
                             e as (insert into entry (kind, redemption) select 'burn', id from r returning id)
                        insert into posting (entry, account, bucket, amount)
                        select e.id, '%s', 'available', -r.amount from e, r
                        union all
                        select e.id, '%s', 'available', r.amount from e, r
                        """
                                .formatted(REDEMPTION, ISSUANCE))
                .execute(Tuple.of(redemption))
                .replaceWithVoid();
    }

    /** Books a mint that the contract has made. */
    public static Uni<Void> mint(SqlClient connection, UUID mint) {
        return connection
                .preparedQuery(
                        """
                        with m as (select id, payee, amount from mint where id = $1),
                             e as (insert into entry (kind, mint) select 'mint', id from m returning id)
                        insert into posting (entry, account, bucket, amount)
                        select e.id, '%s', 'available', -m.amount from e, m
                        union all
                        select e.id, m.payee, 'available', m.amount from e, m
                        """
                                .formatted(ISSUANCE))
                .execute(Tuple.of(mint))
                .replaceWithVoid();
    }
}
