package city.madang.records.log;

import city.madang.tlog.tree.Growth;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction that makes a log longer: size, tiles, bundles, keys and the queue change together or not at all.
 *
 * @param cached the edge as this process last left it; read anew unless the log is still there
 */
record Turn(SqlConnection connection, String agency, @Nullable Edge cached) {

    /**
     * What a turn did.
     *
     * @param appended for each key that was asked for
     * @param fresh how many entries are new
     * @param edge where the log ends now; empty when nothing was done
     */
    record Done(Map<String, Appended> appended, int fresh, Optional<Edge> edge) {}

    /** @param waiting what waits in memory, without two of one key; what waits in the database is taken besides */
    Uni<Done> take(List<Submission> waiting) {
        return queued().chain(queue -> {
            Map<String, Submission> wanted = new LinkedHashMap<>();
            waiting.forEach(submission -> wanted.put(submission.key(), submission));
            queue.submissions().forEach(submission -> wanted.putIfAbsent(submission.key(), submission));
            if (wanted.isEmpty()) {
                return Uni.createFrom().item(new Done(Map.of(), 0, Optional.empty()));
            }
            return known(wanted.keySet().toArray(String[]::new)).chain(known -> {
                List<Submission> fresh = wanted.values().stream()
                        .filter(submission -> !known.containsKey(submission.key()))
                        .toList();
                return append(fresh).call(() -> forget(queue)).map(done -> {
                    known.putAll(done.appended());
                    return new Done(known, done.fresh(), done.edge());
                });
            });
        });
    }

    private record Queue(List<Long> positions, List<Submission> submissions) {}

    private Uni<Queue> queued() {
        return connection
                .preparedQuery(
                        "select position, key, entry from log_queue where agency = $1 order by position limit $2")
                .execute(Tuple.of(agency, LogLimits.TURN_ROWS))
                .map(rows -> {
                    List<Long> positions = new ArrayList<>();
                    List<Submission> submissions = new ArrayList<>();
                    for (Row row : rows) {
                        positions.add(row.getLong(0));
                        submissions.add(
                                Submission.of(row.getString(1), row.getBuffer(2).getBytes()));
                    }
                    return new Queue(positions, submissions);
                });
    }

    private Uni<Map<String, Appended>> known(String[] keys) {
        return connection
                .preparedQuery(
                        "select key, index, entries, digest, logged from log_key where agency = $1 and key = any($2)")
                .execute(Tuple.of(agency, keys))
                .map(rows -> {
                    Map<String, Appended> known = new HashMap<>();
                    for (Row row : rows) {
                        known.put(
                                row.getString(0),
                                new Appended(
                                        row.getLong(1),
                                        row.getInteger(2),
                                        row.getBuffer(3).getBytes(),
                                        row.getOffsetDateTime(4).toInstant(),
                                        true));
                    }
                    return known;
                });
    }

    private Uni<Void> forget(Queue queue) {
        return queue.positions().isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery("delete from log_queue where position = any($1)")
                        .execute(Tuple.of(queue.positions().toArray(Long[]::new)))
                        .replaceWithVoid();
    }

    private Uni<Done> append(List<Submission> fresh) {
        if (fresh.isEmpty()) {
            return Uni.createFrom().item(new Done(Map.of(), 0, Optional.empty()));
        }
        return connection
                .preparedQuery("select size, root from log where agency = $1")
                .execute(Tuple.of(agency))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().failure(new IllegalStateException("there is no log of " + agency))
                        : edge(rows).chain(edge -> append(edge, fresh)));
    }

    private Uni<Edge> edge(RowSet<Row> head) {
        long size = head.iterator().next().getLong(0);
        byte[] root = head.iterator().next().getBuffer(1).getBytes();
        @Nullable Edge known = cached;
        if (known != null && known.isOf(size, root)) {
            return Uni.createFrom().item(known);
        }
        return LogTiles.load(connection, agency, Growth.edge(size))
                .chain(tiles -> LogBundles.load(connection, agency, Edge.bundleAt(size))
                        .map(bundle -> new Edge(size, root, tiles, bundle.orElse(new byte[0]))));
    }

    private Uni<Done> append(Edge edge, List<Submission> fresh) {
        List<byte[]> entries = new ArrayList<>();
        Map<String, Appended> appended = new LinkedHashMap<>();
        for (Submission submission : fresh) {
            appended.put(
                    submission.key(),
                    new Appended(
                            edge.size() + entries.size(),
                            submission.entries().size(),
                            submission.digest(),
                            submission.at(),
                            false));
            entries.addAll(submission.entries());
        }
        Edge.Grown grown = edge.append(entries);
        return advance(edge.size(), grown.growth())
                .chain(() -> Uni.join()
                        .all(
                                LogBundles.store(connection, agency, grown.bundles()),
                                LogTiles.store(
                                        connection, agency, grown.growth().changed()),
                                keep(appended))
                        .andFailFast())
                .replaceWith(new Done(appended, entries.size(), Optional.of(grown.edge())));
    }

    private Uni<Void> keep(Map<String, Appended> appended) {
        Tuple columns = Tuple.tuple()
                .addString(agency)
                .addValue(appended.keySet().toArray(String[]::new))
                .addValue(appended.values().stream().map(Appended::index).toArray(Long[]::new))
                .addValue(appended.values().stream().map(Appended::entries).toArray(Integer[]::new))
                .addValue(appended.values().stream()
                        .map(one -> Buffer.buffer(one.digest()))
                        .toArray(Buffer[]::new))
                .addValue(appended.values().stream()
                        .map(one -> one.at().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new));
        return connection
                .preparedQuery("insert into log_key (agency, key, index, entries, digest, logged)"
                        + " select $1, key, index, entries, digest, logged"
                        + " from unnest($2::text[], $3::bigint[], $4::int[], $5::bytea[], $6::timestamptz[])"
                        + " as k(key, index, entries, digest, logged)")
                .execute(columns)
                .replaceWithVoid();
    }

    /** The compare-and-set that keeps forks out. */
    private Uni<Void> advance(long old, Growth growth) {
        return connection
                .preparedQuery("update log set size = $3, root = $4 where agency = $1 and size = $2")
                .execute(Tuple.of(agency, old, growth.size(), Buffer.buffer(growth.root())))
                .invoke(updated -> {
                    if (updated.rowCount() != 1) {
                        throw new Overtaken(agency, old);
                    }
                })
                .replaceWithVoid();
    }

    /** Another process has made the log longer meanwhile; nothing was changed, and it may be tried again. */
    static final class Overtaken extends IllegalStateException {

        private static final long serialVersionUID = 1;

        Overtaken(String agency, long old) {
            super("the log of " + agency + " is no longer of size " + old);
        }
    }
}
