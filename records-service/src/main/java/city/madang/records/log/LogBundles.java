package city.madang.records.log;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;

/** Entry bundles in the database. */
final class LogBundles {

    private LogBundles() {}

    static Uni<Optional<byte[]>> load(SqlClient connection, String agency, long bundle) {
        return connection
                .preparedQuery("select entries from log_bundle where agency = $1 and bundle = $2")
                .execute(Tuple.of(agency, bundle))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getBuffer(0).getBytes()));
    }

    /** @param bundles by their numbers, whole */
    static Uni<Void> store(SqlClient connection, String agency, Map<Long, byte[]> bundles) {
        Tuple columns = Tuple.tuple()
                .addString(agency)
                .addValue(bundles.keySet().toArray(Long[]::new))
                .addValue(bundles.values().stream().map(Buffer::buffer).toArray(Buffer[]::new));
        return connection
                .preparedQuery("insert into log_bundle (agency, bundle, entries)"
                        + " select $1, bundle, entries from unnest($2::bigint[], $3::bytea[]) as b(bundle, entries)"
                        + " on conflict (agency, bundle) do update set entries = excluded.entries")
                .execute(columns)
                .replaceWithVoid();
    }
}
