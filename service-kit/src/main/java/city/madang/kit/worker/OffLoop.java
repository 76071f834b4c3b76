package city.madang.kit.worker;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs what blocks (files, signing, rendering, the chain) on a worker thread; the result arrives on the Vert.x context that
 * asked, where a Hibernate Reactive session can be used on.
 */
public final class OffLoop {

    private OffLoop() {}

    /** Must be subscribed to on a Vert.x context, as every request and event handler is. */
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
