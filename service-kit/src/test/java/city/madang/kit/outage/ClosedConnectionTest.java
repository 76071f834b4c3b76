package city.madang.kit.outage;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The database ends a connection: whatever the client calls that, it is an outage. */
@QuarkusTest
class ClosedConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    Pool pool;

    @Test
    void what_is_asked_over_a_connection_that_is_being_closed_or_has_been_meets_an_outage() throws Exception {
        for (int time = 0; time < 5; time++) {
            SqlConnection connection = pool.getConnection().await().atMost(PATIENCE);
            try {
                // its end, and what was sent behind it
                isAnOutage(connection, "select pg_terminate_backend(pg_backend_pid())");
                isAnOutage(connection, "select 1");
                Thread.sleep(50);
                isAnOutage(connection, "select 1");
            } finally {
                connection.close().onFailure().recoverWithNull().await().atMost(PATIENCE);
            }
        }
    }

    private static void isAnOutage(SqlConnection connection, String statement) {
        Throwable failure = assertThrows(
                RuntimeException.class,
                () -> connection.query(statement).execute().await().atMost(PATIENCE));
        assertTrue(Outage.isOne(failure), failure.toString());
    }
}
