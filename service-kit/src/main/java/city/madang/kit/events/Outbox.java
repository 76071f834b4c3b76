package city.madang.kit.events;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Events that leave if, and only if, the transaction commits in which they were added.
 *
 * <p>Two writers of one subject must lock its row before they add (any update does), so that their events keep the order
 * of their commits.
 */
@ApplicationScoped
public class Outbox {

    private static final String INSERT = "insert into outbox (id, type, subject, happened, data, traceparent)"
            + " select u.id, u.type, u.subject, u.happened, u.data, u.traceparent"
            + " from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])"
            + " with ordinality u (id, type, subject, happened, data, traceparent, place) order by u.place";

    /** Adds within the session's transaction. */
    public Uni<Void> add(Mutiny.Session session, Event event) {
        return session.createNativeQuery("insert into outbox (id, type, subject, happened, data, traceparent)"
                        + " values (?1, ?2, ?3, ?4, ?5, nullif(?6, ''))")
                .setParameter(1, event.id())
                .setParameter(2, event.type())
                .setParameter(3, event.subject())
                .setParameter(4, event.time().atOffset(ZoneOffset.UTC))
                .setParameter(5, event.data().encode())
                .setParameter(6, Objects.requireNonNullElse(event.traceparent(), ""))
                .executeUpdate()
                .replaceWithVoid();
    }

    /** Adds within the transaction of a connection of the reactive client, in the list's order, all in one statement. */
    public Uni<Void> add(SqlClient connection, List<Event> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(
                        events.stream().map(Event::id).toArray(UUID[]::new),
                        events.stream().map(Event::type).toArray(String[]::new),
                        events.stream().map(Event::subject).toArray(String[]::new),
                        events.stream()
                                .map(event -> event.time().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new),
                        events.stream().map(event -> event.data().encode()).toArray(String[]::new),
                        events.stream().map(Event::traceparent).toArray(String[]::new)))
                .replaceWithVoid();
    }
}
