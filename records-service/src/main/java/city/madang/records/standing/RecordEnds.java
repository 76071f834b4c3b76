package city.madang.records.standing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which records no longer stand. */
@ApplicationScoped
public class RecordEnds {

    private final Pool pool;

    RecordEnds(Pool pool) {
        this.pool = pool;
    }

    /**
     * What the log says of a record that has ended.
     *
     * @param kind {@code superseded} or {@code revoked}
     * @param entry the exact text that was logged
     */
    public record Ended(String kind, @Nullable UUID successor, Instant at, String entry, long logIndex) {}

    /** How a record has ended, if it has and everyone was told. */
    public Uni<Optional<Ended>> of(UUID record) {
        return pool.preparedQuery("select kind, successor, noted, entry, log_index from record_end"
                        + " where record = $1 and told is not null")
                .execute(Tuple.of(record))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    var row = rows.iterator().next();
                    return Optional.of(new Ended(
                            row.getString("kind"),
                            row.getUUID("successor"),
                            row.getOffsetDateTime("noted").toInstant(),
                            row.getString("entry"),
                            row.getLong("log_index")));
                });
    }
}
