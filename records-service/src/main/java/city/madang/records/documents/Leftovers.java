package city.madang.records.documents;

import city.madang.records.RecordsConfig;
import city.madang.records.documents.blobs.BlobStore;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Removes what uploads leave behind that were killed: files of drafts, ciphertext that no row names, announcements whose time has
 * passed. None of it can be read: its keys were in memory alone.
 */
@ApplicationScoped
public class Leftovers {

    private static final Logger LOG = Logger.getLogger(Leftovers.class);

    private final Pool pool;
    private final BlobStore blobs;
    private final Path staging;
    private final DocumentSettings settings;

    Leftovers(Pool pool, BlobStore blobs, RecordsConfig config, DocumentSettings settings) {
        this.pool = pool;
        this.blobs = blobs;
        this.staging = config.dataDir().resolve("staging");
        this.settings = settings;
    }

    @Scheduled(every = "1h", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        sweep(Instant.now().minus(settings.leftoversAfter()));
    }

    /** @param before what is younger may belong to an upload that is under way */
    void sweep(Instant before) {
        pool.query("delete from upload where expires < now()").execute().await().indefinitely();
        try {
            drafts(before);
            for (Row row : pool.preparedQuery("select blob from draft_blob where drafted < $1 limit 1000")
                    .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                    .await()
                    .indefinitely()) {
                blob(row.getString(0));
            }
        } catch (IOException failed) {
            LOG.warnf("leftovers could not be removed and will be tried again: %s", failed.getMessage());
        }
    }

    private void drafts(Instant before) throws IOException {
        if (!Files.isDirectory(staging)) {
            return;
        }
        try (Stream<Path> files = Files.list(staging)) {
            for (Path file : files.toList()) {
                try {
                    if (file.getFileName().toString().startsWith(Draft.PREFIX)
                            && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException ended) {
                    // its upload has ended meanwhile
                }
            }
        }
    }

    /** A row that names the blob keeps it; such a row goes in with the draft's going, so both at once cannot be. */
    private void blob(String name) throws IOException {
        boolean kept = pool.preparedQuery("select from document_version where blob = $1")
                        .execute(Tuple.of(name))
                        .await()
                        .indefinitely()
                        .size()
                > 0;
        if (!kept) {
            blobs.delete(name);
        }
        pool.preparedQuery("delete from draft_blob where blob = $1")
                .execute(Tuple.of(name))
                .await()
                .indefinitely();
    }
}
