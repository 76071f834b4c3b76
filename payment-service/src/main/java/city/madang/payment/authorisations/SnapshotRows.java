package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.p256.P256;
import city.madang.payment.accounts.Owner;
import city.madang.payment.authorisations.Snapshot.BillState;
import city.madang.payment.authorisations.Snapshot.CapturerOf;
import city.madang.payment.authorisations.Snapshot.ClientKeyOf;
import city.madang.payment.authorisations.Snapshot.PayerState;
import city.madang.payment.authorisations.Snapshot.PaymentState;
import city.madang.payment.authorisations.Snapshot.UsedNonce;
import io.vertx.mutiny.sqlclient.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that {@link AcceptanceStore} reads with one question, of which a snapshot is made.
 *
 * @param nonces also tells what was accepted before: an authorisation's id is that of its payer and nonce, among others
 */
record SnapshotRows(
        List<Row> payers,
        List<Row> payees,
        List<Row> capturers,
        List<Row> bills,
        List<Row> refundable,
        List<Row> nonces,
        List<Row> clientKeys) {

    private static final int DAY_LIMIT = 7;

    /** Accounts of which it matters what was spent in this day. */
    String[] payersWithDayLimit() {
        return payers.stream()
                .filter(row -> row.getLong(DAY_LIMIT) != null)
                .map(row -> row.getString(0))
                .toArray(String[]::new);
    }

    /** @param spent what each of the {@link #payersWithDayLimit} has spent */
    Snapshot snapshot(List<Row> spent) {
        Set<Bytes32> receivers = new HashSet<>();
        payees.forEach(row -> receivers.add(id(row, 0)));
        Set<CapturerOf> mayCapture = new HashSet<>();
        capturers.forEach(row -> mayCapture.add(new CapturerOf(id(row, 0), id(row, 1))));
        Map<Bytes32, BillState> billsByHash = new HashMap<>();
        bills.forEach(row -> billsByHash.put(
                id(row, 1),
                new BillState(
                        row.getUUID(0),
                        id(row, 2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getBoolean(5),
                        row.getBoolean(6))));
        Map<Bytes32, PaymentState> payments = new HashMap<>();
        refundable.forEach(row -> payments.put(
                id(row, 0),
                new PaymentState(
                        id(row, 1), owner(row.getString(2), row.getString(3)), row.getBoolean(4), row.getLong(5))));
        Set<UsedNonce> used = new HashSet<>();
        nonces.forEach(row -> used.add(new UsedNonce(id(row, 0), id(row, 1).unsigned())));
        Map<ClientKeyOf, Bytes32> keys = new HashMap<>();
        clientKeys.forEach(row -> keys.put(new ClientKeyOf(id(row, 0), row.getString(1)), id(row, 2)));
        return new Snapshot(
                payers(payers, spent), receivers, mayCapture, billsByHash, payments, accepted(nonces, 2), used, keys);
    }

    private static Map<Bytes32, PayerState> payers(List<Row> rows, List<Row> spentRows) {
        Map<Bytes32, Long> spent = new HashMap<>();
        spentRows.forEach(row -> spent.put(id(row, 0), row.getLong(1)));
        Map<Bytes32, PayerState> payers = new HashMap<>();
        for (Row row : rows) {
            @Nullable Long dayMax = row.getLong(DAY_LIMIT);
            payers.put(
                    id(row, 0),
                    new PayerState(
                            owner(row.getString(1), row.getString(2)),
                            row.getInteger(3),
                            row.getString(9),
                            row.getBoolean(8),
                            row.getBoolean(4),
                            row.getLong(5),
                            row.getLong(6),
                            dayMax == null ? null : dayMax - spent.getOrDefault(id(row, 0), 0L)));
        }
        return payers;
    }

    /**
     * Payments that were accepted before.
     *
     * @param first the column of the id, null where there is none; the next three are when, until when it was held, and what it refunds
     */
    static Map<Bytes32, Earlier> accepted(Iterable<Row> rows, int first) {
        Map<Bytes32, Earlier> accepted = new HashMap<>();
        for (Row row : rows) {
            if (row.getValue(first) != null) {
                @Nullable String refundOf = row.getString(first + 3);
                accepted.put(
                        id(row, first),
                        new Earlier(
                                row.getOffsetDateTime(first + 1).toInstant(),
                                row.getLong(first + 2),
                                refundOf == null ? null : new Bytes32(refundOf)));
            }
        }
        return accepted;
    }

    /** @param row id, the owner's kind and name, key version, x and y */
    static KnownPayers.Payer payer(Row row) {
        String x = row.getString(4);
        return new KnownPayers.Payer(
                owner(row.getString(1), row.getString(2)),
                row.getInteger(3),
                x,
                x == null
                        ? null
                        : P256.publicKey(new Bytes32(x).unsigned(), id(row, 5).unsigned()));
    }

    private static Owner owner(String kind, String name) {
        return kind.equals(Owner.Kind.AGENCY.text()) ? Owner.agency(name) : Owner.citizen(name);
    }

    private static Bytes32 id(Row row, int column) {
        return new Bytes32(row.getString(column));
    }
}
