package city.madang.payment.settlement;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Lets one process at a time settle. The lock ends with its connection, so a killed leader is replaced at once; that
 * nothing is booked twice does not rest on it.
 */
@ApplicationScoped
class Leader {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Key of the advisory lock; any number that no other lock of this database has. */
    private static final long LOCK = 0x736574746c65L;

    private final Pool pool;

    Leader(Pool pool) {
        this.pool = pool;
    }

    /** Runs the work if no other process leads now. */
    void whileLeading(Runnable work) {
        SqlConnection connection = pool.getConnection().await().atMost(TIMEOUT);
        try {
            if (ask(connection, "select pg_try_advisory_lock(" + LOCK + ")")) {
                try {
                    work.run();
                } finally {
                    ask(connection, "select pg_advisory_unlock(" + LOCK + ")");
                }
            }
        } finally {
            connection.close().await().atMost(TIMEOUT);
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
