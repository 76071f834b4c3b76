package city.madang.records;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs blocking work (signing, rendering, files, the chain) on a worker and comes back to the Vert.x context that asked,
 * where a Hibernate Reactive session must be used on.
 */
public final class OffLoop {

    private OffLoop() {}

    public static <T> Uni<T> call(Callable<T> work) {
        return Uni.createFrom().completionStage(() -> {
            @Nullable Context context = Vertx.currentContext();
            if (context == null) {
                throw new IllegalStateException("not on a Vert.x context");
            }
            return context.executeBlocking(work, false).toCompletionStage();
        });
    }

    public static Uni<Void> run(Runnable work) {
        return call(() -> {
                    work.run();
                    return Boolean.TRUE;
                })
                .replaceWithVoid();
    }
}
