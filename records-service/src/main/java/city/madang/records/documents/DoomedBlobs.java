package city.madang.records.documents;

import city.madang.kit.worker.OffLoop;
import city.madang.records.Loop;
import city.madang.records.documents.blobs.BlobStore;
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

/** Removes ciphertext whose key is destroyed. The row goes after the blob: a crash between removes it once more. */
@ApplicationScoped
public class DoomedBlobs {

    private static final Duration IDLE = Duration.ofMillis(500);

    private final Pool pool;
    private final BlobStore blobs;
    private final Loop loop;

    DoomedBlobs(Pool pool, BlobStore blobs, Vertx vertx) {
        this.pool = pool;
        this.blobs = blobs;
        this.loop = new Loop("removing shredded ciphertext", vertx, IDLE, this::removeSome);
    }

    void start(@Observes StartupEvent started) {
        loop.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        loop.stop();
    }

    private Uni<Boolean> removeSome() {
        return pool.query("select blob from doomed_blob order by doomed limit 100")
                .execute()
                .chain(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> remove(row.getString(0)))
                        .collect()
                        .asList())
                .map(removed -> !removed.isEmpty());
    }

    private Uni<Boolean> remove(String blob) {
        return OffLoop.call(() -> {
                    blobs.delete(blob);
                    return true;
                })
                .chain(() -> pool.preparedQuery("delete from doomed_blob where blob = $1")
                        .execute(Tuple.of(blob)))
                .replaceWith(true);
    }
}
