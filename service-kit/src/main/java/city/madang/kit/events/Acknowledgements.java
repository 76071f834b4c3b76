package city.madang.kit.events;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Waits for a number of records that are sent together: done when the broker has acknowledged all, failed as soon as one has failed. */
final class Acknowledgements implements Callback {

    private final AtomicInteger missing;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** @param records how many are sent, one at least */
    Acknowledgements(int records) {
        this.missing = new AtomicInteger(records);
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata place, @Nullable Exception failure) {
        if (failure != null) {
            done.completeExceptionally(failure);
        } else if (missing.decrementAndGet() == 0) {
            done.complete(null);
        }
    }

    boolean haveFailed() {
        return done.isCompletedExceptionally();
    }

    CompletionStage<Void> done() {
        return done;
    }
}
