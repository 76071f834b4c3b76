package city.madang.records.log.cosigning;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** How far each witness has come. A hint only: the witness itself knows better. */
@ApplicationScoped
class WitnessProgress {

    private static final int LONGEST_FAILURE = 300;

    private final Pool pool;

    WitnessProgress(Pool pool) {
        this.pool = pool;
    }

    /** The size that each witness cosigned last, by its submission prefix. */
    Uni<Map<String, Long>> sizes(String agency) {
        return pool.preparedQuery("select witness, size from log_witness where agency = $1")
                .execute(Tuple.of(agency))
                .map(rows -> {
                    Map<String, Long> sizes = new HashMap<>();
                    for (Row row : rows) {
                        sizes.put(row.getString(0), row.getLong(1));
                    }
                    return sizes;
                });
    }

    Uni<Void> cosigned(String agency, String witness, long size) {
        return pool.preparedQuery(
                        "insert into log_witness as w (agency, witness, size, cosigned) values ($1, $2, $3, now())"
                                + " on conflict (agency, witness) do update"
                                + " set size = greatest(w.size, excluded.size), cosigned = now(), failing = null, failure = null")
                .execute(Tuple.of(agency, witness, size))
                .replaceWithVoid();
    }

    Uni<Void> failed(String agency, String witness, String why) {
        return pool.preparedQuery(
                        "insert into log_witness as w (agency, witness, size, failing, failure) values ($1, $2, 0, now(), $3)"
                                + " on conflict (agency, witness) do update"
                                + " set failing = coalesce(w.failing, now()), failure = excluded.failure")
                .execute(Tuple.of(agency, witness, why.substring(0, Math.min(why.length(), LONGEST_FAILURE))))
                .replaceWithVoid();
    }
}
