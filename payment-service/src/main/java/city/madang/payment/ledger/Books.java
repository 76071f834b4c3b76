package city.madang.payment.ledger;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * What is booked when. A payment, a mint and a burn are booked by their own rows: the database moves the balances of both sides when one
 * begins and when it ends, by triggers, and by nothing else; its view {@code booking} shows both sides of all.
 *
 * <table>
 * <caption>what moves of an amount a</caption>
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

    private Books() {}

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
}
