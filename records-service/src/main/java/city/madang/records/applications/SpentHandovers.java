package city.madang.records.applications;

import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Deletes the blobs of handovers whose reading has been committed; also those that a crash left behind. */
@ApplicationScoped
public class SpentHandovers {

    private static final Duration IDLE = Duration.ofMillis(500);

    private final Pool pool;
    private final HandoverStore store;
    private final Loop loop;

    SpentHandovers(Pool pool, HandoverStore store, Vertx vertx) {
        this.pool = pool;
        this.store = store;
        this.loop = new Loop("the deletion of read handovers", vertx, IDLE, this::deleteSome);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> deleteSome() {
        return pool.query("select id, sha256 from handover_spent limit 100")
                .execute()
                .chain(rows -> {
                    List<HandoverStore.Reference> spent = new ArrayList<>();
                    rows.forEach(row ->
                            spent.add(new HandoverStore.Reference(row.getUUID(0).toString(), row.getString(1))));
                    if (spent.isEmpty()) {
                        return Uni.createFrom().item(false);
                    }
                    UUID[] ids = spent.stream()
                            .map(reference -> UUID.fromString(reference.id()))
                            .toArray(UUID[]::new);
                    return OffLoop.run(() -> spent.forEach(store::delete))
                            .chain(() -> pool.preparedQuery("delete from handover_spent where id = any($1)")
                                    .execute(Tuple.of(ids)))
                            .replaceWith(true);
                });
    }
}
