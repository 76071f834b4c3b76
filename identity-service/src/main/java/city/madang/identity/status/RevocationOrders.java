package city.madang.identity.status;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/** Revokes what was issued for applications whose records no longer stand. An order is carried out whole, or found again. */
@ApplicationScoped
public class RevocationOrders {

    private static final Logger LOG = Logger.getLogger(RevocationOrders.class);

    /** As the history of a credential names who changed its status: nobody, but an event. */
    private static final String SYSTEM = "system";

    private final Pool pool;
    private final StatusChanges changes;

    RevocationOrders(Pool pool, StatusChanges changes) {
        this.pool = pool;
        this.changes = changes;
    }

    /** Why credentials are to be revoked. */
    public enum Why {
        SUPERSEDED(StatusReason.SUPERSEDED),
        RECORD_REVOKED(StatusReason.ISSUED_IN_ERROR);

        private final StatusReason reason;

        Why(StatusReason reason) {
            this.reason = reason;
        }
    }

    /** Within the session's transaction; once for an application. */
    public Uni<Void> add(Mutiny.Session session, UUID application, Why why) {
        return session.createNativeQuery(
                        "insert into revocation_order (application, reason) values (?1, ?2) on conflict do nothing")
                .setParameter(1, application)
                .setParameter(2, why.reason.text())
                .executeUpdate()
                .replaceWithVoid();
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> carryOut() {
        return pool.withTransaction(this::next)
                .chain(found -> found ? carryOut() : Uni.createFrom().voidItem())
                .onFailure()
                .invoke(failed -> LOG.warnf("a revocation waits for the next look: %s", failed.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Boolean> next(SqlConnection connection) {
        return connection
                .query("delete from revocation_order where application = (select application from revocation_order"
                        + " order by ordered limit 1 for update skip locked) returning application, reason")
                .execute()
                .chain(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(false);
                    }
                    Row order = rows.iterator().next();
                    StatusReason reason =
                            StatusReason.of(order.getString("reason")).orElseThrow();
                    return connection
                            .preparedQuery(Issuance.SELECT
                                    + "where application = $1 and status <> 'revoked' and status_list is not null")
                            .execute(Tuple.of(order.getUUID("application")))
                            .chain(issued -> revoke(connection, issued, reason))
                            .replaceWith(true);
                });
    }

    private Uni<Void> revoke(SqlConnection connection, RowSet<Row> issued, StatusReason reason) {
        List<Issuance> all = new ArrayList<>();
        issued.forEach(row -> all.add(Issuance.of(row)));
        return Multi.createFrom()
                .iterable(all)
                .onItem()
                .transformToUniAndConcatenate(issuance -> changes.apply(
                        connection,
                        new StatusChanges.Wish(issuance.id(), IssuanceStatus.REVOKED, reason, null),
                        new Actor(SYSTEM, SYSTEM, issuance.agency(), null)))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
