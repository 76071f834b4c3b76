package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
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

/** Makes a snapshot of the rows that {@link AcceptanceStore} reads. */
final class SnapshotRows {

    private SnapshotRows() {}

    static Snapshot snapshot(
            List<Row> payerRows,
            List<Row> payeeRows,
            List<Row> capturerRows,
            List<Row> billRows,
            List<Row> refundableRows,
            List<Row> acceptedRows,
            List<Row> nonceRows,
            List<Row> spentRows,
            List<Row> keyRows) {
        Set<Bytes32> payees = new HashSet<>();
        payeeRows.forEach(row -> payees.add(id(row, 0)));
        Set<CapturerOf> capturers = new HashSet<>();
        capturerRows.forEach(row -> capturers.add(new CapturerOf(id(row, 0), id(row, 1))));
        Map<Bytes32, BillState> bills = new HashMap<>();
        billRows.forEach(row -> bills.put(
                id(row, 1),
                new BillState(
                        row.getUUID(0),
                        id(row, 2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getBoolean(5),
                        row.getBoolean(6))));
        Map<Bytes32, PaymentState> refundable = new HashMap<>();
        refundableRows.forEach(row -> refundable.put(
                id(row, 0),
                new PaymentState(
                        id(row, 1), owner(row.getString(2), row.getString(3)), row.getBoolean(4), row.getLong(5))));
        Set<UsedNonce> nonces = new HashSet<>();
        nonceRows.forEach(row -> nonces.add(new UsedNonce(id(row, 0), id(row, 1).unsigned())));
        Map<ClientKeyOf, Bytes32> keys = new HashMap<>();
        keyRows.forEach(row -> keys.put(new ClientKeyOf(id(row, 0), row.getString(1)), id(row, 2)));
        return new Snapshot(
                payers(payerRows, spentRows),
                payees,
                capturers,
                bills,
                refundable,
                accepted(acceptedRows),
                nonces,
                keys);
    }

    private static Map<Bytes32, PayerState> payers(List<Row> rows, List<Row> spentRows) {
        Map<Bytes32, Long> spent = new HashMap<>();
        spentRows.forEach(row -> spent.put(id(row, 0), row.getLong(1)));
        Map<Bytes32, PayerState> payers = new HashMap<>();
        for (Row row : rows) {
            @Nullable Long dayMax = row.getLong(7);
            payers.put(
                    id(row, 0),
                    new PayerState(
                            owner(row.getString(1), row.getString(2)),
                            row.getInteger(3),
                            row.getBoolean(8),
                            row.getBoolean(4),
                            row.getLong(5),
                            row.getLong(6),
                            dayMax == null ? null : dayMax - spent.getOrDefault(id(row, 0), 0L)));
        }
        return payers;
    }

    static Map<Bytes32, Earlier> accepted(Iterable<Row> rows) {
        Map<Bytes32, Earlier> accepted = new HashMap<>();
        for (Row row : rows) {
            @Nullable String refundOf = row.getString(3);
            accepted.put(
                    id(row, 0),
                    new Earlier(
                            row.getOffsetDateTime(1).toInstant(),
                            row.getLong(2),
                            refundOf == null ? null : new Bytes32(refundOf)));
        }
        return accepted;
    }

    static Owner owner(String kind, String name) {
        return kind.equals(Owner.Kind.AGENCY.text()) ? Owner.agency(name) : Owner.citizen(name);
    }

    private static Bytes32 id(Row row, int column) {
        return new Bytes32(row.getString(column));
    }
}
