package city.madang.payment.reconciliation;

import io.vertx.mutiny.sqlclient.Cursor;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.PreparedStatement;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * The database as it was when this was taken, whatever is committed afterwards: one transaction that sees a single snapshot. It holds a
 * connection until it is closed, and keeps PostgreSQL from clearing away what the snapshot still sees. Blocking.
 */
final class Moment implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Moment.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SqlConnection connection;

    private Moment(SqlConnection connection) {
        this.connection = connection;
    }

    /** Takes what is committed now. */
    static Moment take(Pool pool) {
        Moment moment = new Moment(pool.getConnection().await().atMost(TIMEOUT));
        try {
            moment.connection.begin().await().atMost(TIMEOUT);
            moment.connection
                    // along indexes where there are some: after a sort the first page of many would take minutes
                    .query("set transaction isolation level repeatable read, read only; set local enable_sort = off")
                    .execute()
                    .await()
                    .atMost(TIMEOUT);
            // the snapshot is that of the first query
            moment.rows("select 1", Tuple.tuple());
            return moment;
        } catch (RuntimeException failed) {
            moment.close();
            throw failed;
        }
    }

    RowSet<Row> rows(String sql, Tuple arguments) {
        return connection.preparedQuery(sql).execute(arguments).await().atMost(TIMEOUT);
    }

    /** Reads what may be more than fits into memory: so many rows at a time, in the order of the query. */
    void pages(String sql, Tuple arguments, int size, Consumer<List<Row>> page) {
        PreparedStatement statement = connection.prepare(sql).await().atMost(TIMEOUT);
        Cursor cursor = statement.cursor(arguments);
        do {
            List<Row> rows = StreamSupport.stream(
                            cursor.read(size).await().atMost(TIMEOUT).spliterator(), false)
                    .toList();
            if (!rows.isEmpty()) {
                page.accept(rows);
            }
        } while (cursor.hasMore());
        cursor.close().chain(statement::close).await().atMost(TIMEOUT);
    }

    /** Gives the connection back; nobody waits for it, so a thread that was interrupted gives it back too. */
    @Override
    public void close() {
        connection
                .close()
                .subscribe()
                .with(closed -> {}, failed -> LOG.debug("a comparison's connection ends", failed));
    }
}
