package city.madang.records.log;

import city.madang.kit.worker.OffLoop;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Hashes;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** What other capabilities do with a log: make one, queue an entry, learn where it stands. */
@ApplicationScoped
public class RecordLog {

    private final Pool pool;
    private final LogKeys keys;

    RecordLog(Pool pool, LogKeys keys) {
        this.pool = pool;
        this.keys = keys;
    }

    /** Makes the agency's log unless it has one. */
    public Uni<Void> create(Mutiny.Session session, String agency) {
        return OffLoop.run(() -> keys.create(agency))
                .chain(() -> session.createNativeQuery(
                                "insert into log (agency, origin, size, root) values (?1, ?2, 0, ?3) on conflict do nothing")
                        .setParameter(1, agency)
                        .setParameter(2, keys.origin(agency))
                        .setParameter(3, Hashes.empty())
                        .executeUpdate())
                .replaceWithVoid();
    }

    /**
     * Queues an entry within the caller's transaction. The same key again changes nothing: an entry is logged once.
     *
     * @param key idempotency key, unique in the log
     * @param entry at most {@link EntryBundle#LONGEST_ENTRY} bytes
     */
    public Uni<Void> queue(SqlClient connection, String agency, String key, byte[] entry) {
        if (entry.length > EntryBundle.LONGEST_ENTRY) {
            throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
        }
        return connection
                .preparedQuery("insert into log_queue (agency, key, entry)"
                        + " select $1, $2, $3 where not exists (select from log_entry where agency = $1 and key = $2)"
                        + " on conflict do nothing")
                .execute(Tuple.of(agency, key, io.vertx.core.buffer.Buffer.buffer(entry)))
                .replaceWithVoid();
    }

    /** Index of the entry with this key, once a published checkpoint covers it. */
    public Uni<Optional<Long>> publishedIndex(String agency, String key) {
        return pool.preparedQuery("select e.index from log_entry e join log l using (agency)"
                        + " where e.agency = $1 and e.key = $2 and e.index < l.published_size")
                .execute(Tuple.of(agency, key))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong(0)));
    }
}
