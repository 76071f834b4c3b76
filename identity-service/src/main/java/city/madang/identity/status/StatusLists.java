package city.madang.identity.status;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The lists in the database: opening them, taking blocks of their counters, reading what changed. */
@ApplicationScoped
class StatusLists {

    private static final int SECRET_BYTES = 32;

    /** The oldest list of the agency, width and kind that has room; its row stays locked until the block is taken. */
    private static final String TAKE =
            """
            with open as (
              select id, secret, size, taken from status_list where agency = $1 and bits = $2 and mdoc = $4 and taken < size
              order by created, id limit 1 for update)
            update status_list list set taken = least(list.size, list.taken + $3) from open where list.id = open.id
            returning list.id, list.secret, list.size, open.taken as first, list.taken as past""";

    private final Pool pool;
    private final IdentitySettings settings;

    StatusLists(Pool pool, IdentitySettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    /**
     * What is known of a list besides its entries.
     *
     * @param mdoc whether its places are of mdocs whose signers come from the IACA
     */
    record Head(UUID id, String agency, int bits, int size, byte[] secret, boolean mdoc) {}

    /** An entry whose status was changed, by the list's {@code version}-th change. */
    record Entry(int index, int value, long version) {}

    /** Takes a block of a list that has room, opening a new list where none has. */
    Uni<IndexBlock> takeBlock(String agency, int bits, boolean mdoc) {
        Tuple take = Tuple.of(agency, bits, settings.status().block(), mdoc);
        return pool.preparedQuery(TAKE)
                .execute(take)
                .chain(rows -> rows.size() == 1
                        ? Uni.createFrom().item(block(rows))
                        : pool.withTransaction(connection -> openAndTake(connection, agency, bits, mdoc, take)));
    }

    /** One opens a list at a time, so that many who find the last one full do not open one each. */
    private Uni<IndexBlock> openAndTake(SqlConnection connection, String agency, int bits, boolean mdoc, Tuple take) {
        return connection
                .preparedQuery("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                .execute(Tuple.of("status-list " + bits + " " + agency))
                .chain(() -> connection.preparedQuery(TAKE).execute(take))
                .chain(rows -> rows.size() == 1
                        ? Uni.createFrom().item(block(rows))
                        : open(connection, agency, bits, mdoc)
                                .chain(() -> connection.preparedQuery(TAKE).execute(take))
                                .map(StatusLists::block));
    }

    private Uni<Void> open(SqlConnection connection, String agency, int bits, boolean mdoc) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return connection
                .preparedQuery("insert into status_list (id, agency, bits, size, secret, created, mdoc)"
                        + " values ($1, $2, $3, $4, $5, $6, $7)")
                .execute(Tuple.from(List.of(
                        UUID.randomUUID(),
                        agency,
                        bits,
                        settings.status().listSize(),
                        Buffer.buffer(secret),
                        Instant.now().atOffset(ZoneOffset.UTC),
                        mdoc)))
                .replaceWithVoid();
    }

    private static IndexBlock block(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new IndexBlock(
                row.getUUID("id"),
                row.getBuffer("secret").getBytes(),
                row.getInteger("size"),
                row.getInteger("first"),
                row.getInteger("past"));
    }

    Uni<Optional<Head>> head(UUID list) {
        return pool.preparedQuery("select id, agency, bits, size, secret, mdoc from status_list where id = $1")
                .execute(Tuple.of(list))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(new Head(
                            row.getUUID("id"),
                            row.getString("agency"),
                            row.getInteger("bits"),
                            row.getInteger("size"),
                            row.getBuffer("secret").getBytes(),
                            row.getBoolean("mdoc")));
                });
    }

    /** What a list says of an entry at this moment. */
    record Present(String agency, int value) {}

    /** Empty if there is no such list, or no such entry in it. */
    Uni<Optional<Present>> present(UUID list, long index) {
        // beyond an int there is no entry, and the database's driver would cut the number off
        return index < 0 || index > Integer.MAX_VALUE
                ? Uni.createFrom().item(Optional.empty())
                : pool.preparedQuery("select list.agency, coalesce(entry.value, 0) as value from status_list list"
                                + " left join status_entry entry on entry.list = list.id and entry.index = $2"
                                + " where list.id = $1 and $2 < list.size")
                        .execute(Tuple.of(list, (int) index))
                        .map(StatusLists::present);
    }

    private static Optional<Present> present(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        return Optional.of(new Present(row.getString("agency"), row.getInteger("value")));
    }

    /** The entries changed after the list's {@code version}-th change, as they are now. */
    Uni<List<Entry>> changedAfter(UUID list, long version) {
        return pool.preparedQuery("select index, value, version from status_entry where list = $1 and version > $2")
                .execute(Tuple.of(list, version))
                .map(rows -> {
                    List<Entry> entries = new ArrayList<>(rows.size());
                    rows.forEach(row -> entries.add(
                            new Entry(row.getInteger("index"), row.getInteger("value"), row.getLong("version"))));
                    return entries;
                });
    }

    /** Their ids, oldest first; of one agency, or of all. */
    Uni<List<UUID>> ids(Optional<String> agency, int most) {
        return pool.preparedQuery(
                        "select id from status_list where $1::text is null or agency = $1 order by created, id limit $2")
                .execute(Tuple.of(agency.orElse(null), most))
                .map(rows -> {
                    List<UUID> ids = new ArrayList<>(rows.size());
                    rows.forEach(row -> ids.add(row.getUUID("id")));
                    return ids;
                });
    }
}
