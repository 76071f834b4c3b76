package city.madang.kit.events;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Events that leave if, and only if, the transaction commits in which they were added.
 *
 * <p>Two writers of one subject must lock its row before they add (any update does), so that their events keep the order
 * of their commits.
 */
@ApplicationScoped
public class Outbox {

    private static final String INSERT =
            "insert into outbox (id, type, subject, happened, data) values ($1, $2, $3, $4, $5)";

    /** Adds within the session's transaction. */
    public Uni<Void> add(Mutiny.Session session, Event event) {
        return session.createNativeQuery(
                        "insert into outbox (id, type, subject, happened, data) values (?1, ?2, ?3, ?4, ?5)")
                .setParameter(1, event.id())
                .setParameter(2, event.type())
                .setParameter(3, event.subject())
                .setParameter(4, event.time().atOffset(ZoneOffset.UTC))
                .setParameter(5, event.data().encode())
                .executeUpdate()
                .replaceWithVoid();
    }

    /** Adds within the transaction of a connection of the reactive client, all in one round trip. */
    public Uni<Void> add(SqlClient connection, List<Event> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        List<Tuple> rows = events.stream()
                .map(event -> Tuple.of(
                        event.id(),
                        event.type(),
                        event.subject(),
                        event.time().atOffset(ZoneOffset.UTC),
                        event.data().encode()))
                .toList();
        return connection.preparedQuery(INSERT).executeBatch(rows).replaceWithVoid();
    }
}
