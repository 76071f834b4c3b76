package city.madang.records.keys;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Rotations of agencies' wrapping keys: ordered here, carried out by {@link KeyRotator}. */
@ApplicationScoped
public class KeyRotation {

    private final Pool pool;

    KeyRotation(Pool pool) {
        this.pool = pool;
    }

    /** @param total keys to be rewrapped, once they were counted */
    record Rotation(
            UUID id, int toVersion, @Nullable Long total, long done, Instant ordered, @Nullable Instant finished) {}

    /** Empty if one is under way, or the agency has no key yet. */
    Uni<Optional<Rotation>> order(String agency, String orderedBy) {
        UUID id = UUID.randomUUID();
        return pool.withTransaction(connection -> connection
                .preparedQuery(
                        "insert into key_rotation (id, agency, to_version, ordered_by) select $1, $2, max(version) + 1, $3"
                                + " from wrapping_key where agency = $2 having max(version) is not null on conflict do nothing")
                .execute(Tuple.of(id, agency, orderedBy))
                .chain(inserted -> inserted.rowCount() == 0
                        ? Uni.createFrom().item(Optional.<Rotation>empty())
                        : connection
                                .preparedQuery(
                                        "insert into wrapping_key (agency, version) select agency, to_version from"
                                                + " key_rotation where id = $1")
                                .execute(Tuple.of(id))
                                .chain(() -> connection
                                        .preparedQuery("select * from key_rotation where id = $1")
                                        .execute(Tuple.of(id)))
                                .map(rows ->
                                        Optional.of(rotation(rows.iterator().next())))));
    }

    Uni<List<Rotation>> of(String agency, @Nullable UUID after, int limit) {
        return pool.preparedQuery(
                        "select * from key_rotation where agency = $1 and ($2::uuid is null or position < (select"
                                + " position from key_rotation where id = $2)) order by position desc limit $3")
                .execute(Tuple.of(agency, after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(KeyRotation::rotation)
                        .toList());
    }

    Uni<Optional<Rotation>> byId(String agency, UUID id) {
        return pool.preparedQuery("select * from key_rotation where agency = $1 and id = $2")
                .execute(Tuple.of(agency, id))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(KeyRotation::rotation));
    }

    private static Rotation rotation(Row row) {
        return new Rotation(
                row.getUUID("id"),
                row.getInteger("to_version"),
                row.getLong("total"),
                row.getLong("done"),
                row.getOffsetDateTime("ordered").toInstant(),
                row.getOffsetDateTime("finished") == null
                        ? null
                        : row.getOffsetDateTime("finished").toInstant());
    }
}
