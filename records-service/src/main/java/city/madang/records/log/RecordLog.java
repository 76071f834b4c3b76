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

/** What other capabilities do with a log: make one, append or queue an entry, learn where it stands. */
@ApplicationScoped
public class RecordLog {

    private final Pool pool;
    private final LogKeys keys;
    private final LogSequencer sequencer;

    RecordLog(Pool pool, LogKeys keys, LogSequencer sequencer) {
        this.pool = pool;
        this.keys = keys;
        this.sequencer = sequencer;
    }

    /** Makes the agency's log unless it has one. */
    public Uni<Void> create(Mutiny.Session session, String agency) {
        return OffLoop.run(() -> keys.create(agency))
                .chain(() -> session.createNativeQuery(
                                "insert into log (agency, origin, size, root) values (?1, ?2, 0, ?3) on conflict do"
                                        + " nothing")
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
        Submission submission = Submission.of(key, entry);
        return connection
                .preparedQuery("insert into log_queue (agency, key, entry)"
                        + " select $1, $2, $3 where not exists (select from log_key where agency = $1 and key = $2)"
                        + " on conflict do nothing")
                .execute(Tuple.of(agency, submission.key(), io.vertx.core.buffer.Buffer.buffer(entry)))
                .replaceWithVoid();
    }

    /** The same within a session's transaction. */
    public Uni<Void> queue(Mutiny.Session session, String agency, String key, byte[] entry) {
        Submission submission = Submission.of(key, entry);
        return session.createNativeQuery("insert into log_queue (agency, key, entry) select ?1, ?2, ?3"
                        + " where not exists (select from log_key where agency = ?1 and key = ?2)"
                        + " on conflict do nothing")
                .setParameter(1, agency)
                .setParameter(2, submission.key())
                .setParameter(3, entry)
                .executeUpdate()
                .replaceWithVoid();
    }

    /**
     * Appends an entry now, outside of any transaction of the caller's, together with what others append at the same moment; the
     * same key again answers where the first one stands. When it answers, the entry is on disk under the log's size, and the next
     * checkpoint covers it.
     *
     * @return the entry's index; fails when the log cannot be written, or too much waits for it
     */
    public Uni<Long> append(String agency, String key, byte[] entry) {
        return sequencer.append(agency, Submission.of(key, entry)).map(Appended::index);
    }

    /** Index of the entry with this key, once a published checkpoint covers it. */
    public Uni<Optional<Long>> publishedIndex(String agency, String key) {
        return pool.preparedQuery("select k.index from log_key k join log l using (agency)"
                        + " where k.agency = $1 and k.key = $2 and k.index < l.published_size")
                .execute(Tuple.of(agency, key))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong(0)));
    }

    /** Forgets, within the caller's transaction, for what an entry was queued: the entry keeps its place and says itself no more than before. */
    public Uni<Void> forgetKey(SqlClient connection, String agency, String key) {
        return connection
                .preparedQuery(
                        "update log_key set key = 'forgotten/' || gen_random_uuid() where agency = $1 and key = $2")
                .execute(Tuple.of(agency, key))
                .replaceWithVoid();
    }
}
