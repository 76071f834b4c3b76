package city.madang.payment.settlement;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Lets one process at a time settle. The lock ends with its connection, so a killed leader is replaced at once; that
 * nothing is booked twice does not rest on it.
 */
@ApplicationScoped
class Leader {

    private static final Logger LOG = Logger.getLogger(Leader.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Key of the advisory lock; any number that no other lock of this database has. */
    private static final long LOCK = 0x736574746c65L;

    private final Pool pool;

    Leader(Pool pool) {
        this.pool = pool;
    }

    /** Does the work if no other process leads now: its answer, or false. */
    boolean whileLeading(BooleanSupplier work) {
        SqlConnection connection = pool.getConnection().await().atMost(TIMEOUT);
        try {
            // a lock of the transaction, not of the session: it can't outlive this call in a pooled connection
            connection.begin().await().atMost(TIMEOUT);
            return ask(connection, "select pg_try_advisory_xact_lock(" + LOCK + ")") && work.getAsBoolean();
        } finally {
            // closing rolls back; nobody waits for it, so an interrupted thread gives the lock back too
            connection.close().subscribe().with(closed -> {}, failed -> LOG.debug("the leader's lock ends", failed));
        }
    }

    private static boolean ask(SqlConnection connection, String sql) {
        return connection
                .query(sql)
                .execute()
                .await()
                .atMost(TIMEOUT)
                .iterator()
                .next()
                .getBoolean(0);
    }
}
