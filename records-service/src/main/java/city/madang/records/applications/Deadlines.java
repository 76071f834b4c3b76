package city.madang.records.applications;

import city.madang.records.Loop;
import city.madang.records.RecordsConfig;
import city.madang.records.applications.course.Happening;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Lets time move applications on: what was due ends, and a record that can't be sealed is given up. */
@ApplicationScoped
public class Deadlines {

    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final String DUE = "select id from application where deadline <= now() order by deadline limit 100";

    private static final String STUCK = "select application from sealing_job where created < $1 limit 100";

    private final Pool pool;
    private final Mutiny.SessionFactory sessions;
    private final Saga saga;
    private final Duration sealingPatience;
    private final Loop loop;

    Deadlines(Pool pool, Mutiny.SessionFactory sessions, Saga saga, RecordsConfig config, Vertx vertx) {
        this.pool = pool;
        this.sessions = sessions;
        this.saga = saga;
        this.sealingPatience = config.applications().sealingPatience();
        this.loop = new Loop("the deadlines of applications", vertx, IDLE, this::look);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> look() {
        return ids(DUE, Tuple.tuple())
                .chain(due -> each(due, this::timePassed))
                .chain(() ->
                        ids(STUCK, Tuple.of(OffsetDateTime.now(ZoneOffset.UTC).minus(sealingPatience))))
                .chain(stuck -> each(stuck, this::giveUpSealing))
                .replaceWith(false);
    }

    private Uni<List<UUID>> ids(String query, Tuple values) {
        return pool.preparedQuery(query).execute(values).map(rows -> {
            List<UUID> ids = new ArrayList<>();
            rows.forEach(row -> ids.add(row.getUUID(0)));
            return ids;
        });
    }

    private static Uni<Void> each(List<UUID> applications, java.util.function.Function<UUID, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(applications)
                .onItem()
                .transformToUniAndConcatenate(work::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> timePassed(UUID application) {
        return sessions.withTransaction(session -> saga.lock(session, application.toString())
                .chain(found -> saga.take(session, found, new Happening.TimePassed())));
    }

    /** The job goes in the same transaction: a worker that is at it then stores nothing, and one that has stored leaves no job. */
    private Uni<Void> giveUpSealing(UUID application) {
        return sessions.withTransaction(session -> saga.lock(session, application.toString())
                .chain(found -> session.createNativeQuery("delete from sealing_job where application = ?1"
                                + " and not exists (select from record where application = ?1)")
                        .setParameter(1, application)
                        .executeUpdate()
                        .chain(given -> given == 0
                                ? Uni.createFrom().voidItem()
                                : saga.take(session, found, new Happening.SealingFailed()))));
    }
}
