package city.madang.records.keys;

import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Carries out rotations: rewraps the keys of records batch by batch, each batch in one transaction with the progress, and destroys the old
 * version when nothing is wrapped with it. Documents are not touched. Killed anywhere, it goes on where the last batch
 * ended: what is left to do is what names an old version.
 */
@ApplicationScoped
public class KeyRotator {

    /** Keys rewrapped in one transaction. */
    static final int BATCH = 200;

    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Tables that hold wrapped keys; each has {@code agency}, {@code wrapped_key} and, from it, {@code key_version}. */
    private static final List<String> TABLES = List.of("record", "record_json", "document_version");

    private final Pool pool;
    private final WrappingKeys keys;
    private final Loop loop;

    KeyRotator(Pool pool, WrappingKeys keys, Vertx vertx) {
        this.pool = pool;
        this.keys = keys;
        this.loop = new Loop("the rotation of keys", vertx, IDLE, this::turn);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private record Running(UUID id, String agency, int to, boolean rewrapped) {}

    /** One step of one rotation; whether there was one. */
    Uni<Boolean> turn() {
        return pool.withTransaction(connection -> connection
                .query("select id, agency, to_version, rewrapped is not null as rewrapped from key_rotation"
                        + " where finished is null order by position limit 1 for update skip locked")
                .execute()
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(false);
                    }
                    Row row = rows.iterator().next();
                    Running running = new Running(
                            row.getUUID("id"),
                            row.getString("agency"),
                            row.getInteger("to_version"),
                            row.getBoolean("rewrapped"));
                    return (running.rewrapped() ? destroyOld(connection, running) : rewrapSome(connection, running))
                            .replaceWith(true);
                }));
    }

    private Uni<Void> rewrapSome(SqlConnection connection, Running running) {
        return OffLoop.run(() -> keys.create(running.agency(), running.to()))
                .chain(() -> connection
                        .preparedQuery(
                                "update key_rotation set total = coalesce(total, (select count(*) from record where"
                                        + " agency = $2 and key_version < $3) + (select count(*) from record_json where"
                                        + " agency = $2 and key_version < $3) + (select count(*) from document_version where"
                                        + " agency = $2 and key_version < $3)) where id = $1")
                        .execute(Tuple.of(running.id(), running.agency(), running.to())))
                .chain(() -> Multi.createFrom()
                        .iterable(TABLES)
                        .onItem()
                        .transformToUniAndConcatenate(table -> rewrapSome(connection, running, table))
                        .collect()
                        .with(java.util.stream.Collectors.summingInt(Integer::intValue)))
                .chain(rewrapped -> rewrapped > 0
                        ? connection
                                .preparedQuery("update key_rotation set done = done + $2 where id = $1")
                                .execute(Tuple.of(running.id(), rewrapped))
                                .replaceWithVoid()
                        : forgetOld(connection, running));
    }

    private Uni<Integer> rewrapSome(SqlConnection connection, Running running, String table) {
        return connection
                .preparedQuery("select id, wrapped_key from " + table + " where agency = $1 and key_version < $2 limit "
                        + BATCH + " for update")
                .execute(Tuple.of(running.agency(), running.to()))
                .chain(rows -> OffLoop.call(() -> {
                    List<Tuple> rewrapped = new ArrayList<>();
                    for (Row row : rows) {
                        byte[] wrapped = keys.wrap(
                                running.agency(),
                                keys.unwrap(
                                        running.agency(),
                                        row.getBuffer("wrapped_key").getBytes()));
                        rewrapped.add(Tuple.of(row.getUUID("id"), Buffer.buffer(wrapped)));
                    }
                    return rewrapped;
                }))
                .chain(rewrapped -> rewrapped.isEmpty()
                        ? Uni.createFrom().item(0)
                        : connection
                                .preparedQuery("update " + table + " set wrapped_key = $2 where id = $1")
                                .executeBatch(rewrapped)
                                .replaceWith(rewrapped.size()));
    }

    /** The database refuses this as long as a row is wrapped with an old version, also one that came in just now. */
    private static Uni<Void> forgetOld(SqlConnection connection, Running running) {
        return connection
                .preparedQuery("delete from wrapping_key where agency = $1 and version < $2")
                .execute(Tuple.of(running.agency(), running.to()))
                .chain(() -> connection
                        .preparedQuery("update key_rotation set rewrapped = now() where id = $1")
                        .execute(Tuple.of(running.id())))
                .replaceWithVoid();
    }

    private Uni<Void> destroyOld(SqlConnection connection, Running running) {
        return OffLoop.run(() -> {
                    for (int version = WrappingKeys.FIRST_VERSION; version < running.to(); version++) {
                        keys.destroy(running.agency(), version);
                    }
                })
                .chain(() -> connection
                        .preparedQuery("update key_rotation set finished = now() where id = $1")
                        .execute(Tuple.of(running.id())))
                .replaceWithVoid();
    }
}
