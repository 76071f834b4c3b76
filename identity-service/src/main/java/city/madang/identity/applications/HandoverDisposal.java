package city.madang.identity.applications;

import city.madang.kit.handover.HandoverStore;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Deletes the blobs of handovers that were taken; a crash in between only delays it. */
@ApplicationScoped
public class HandoverDisposal {

    private static final int BATCH = 100;

    private final Pool pool;
    private final HandoverStore handovers;

    HandoverDisposal(Pool pool, HandoverStore handovers) {
        this.pool = pool;
        this.handovers = handovers;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> deleteTaken() {
        return pool.preparedQuery("select id, sha256 from handover_disposal limit $1")
                .execute(Tuple.of(BATCH))
                .chain(rows -> {
                    List<HandoverStore.Reference> taken = new ArrayList<>();
                    for (Row row : rows) {
                        taken.add(new HandoverStore.Reference(row.getUUID("id").toString(), row.getString("sha256")));
                    }
                    return taken.isEmpty() ? Uni.createFrom().voidItem() : delete(taken);
                });
    }

    private Uni<Void> delete(List<HandoverStore.Reference> taken) {
        UUID[] ids =
                taken.stream().map(handover -> UUID.fromString(handover.id())).toArray(UUID[]::new);
        return Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> taken.forEach(handovers::delete))
                .chain(() -> pool.preparedQuery("delete from handover_disposal where id = any($1)")
                        .execute(Tuple.of(ids)))
                .replaceWithVoid();
    }
}
