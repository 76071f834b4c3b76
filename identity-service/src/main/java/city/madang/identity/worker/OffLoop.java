package city.madang.identity.worker;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Runs what blocks (files, signing, certificates) on a worker thread; the result arrives on the caller's context. */
public final class OffLoop {

    private OffLoop() {}

    /**
     * Must be subscribed to on a Vert.x context, as every request and event handler is, so that a Hibernate Reactive
     * session of that context can be used again afterwards.
     */
    public static <T> Uni<T> call(Callable<T> work) {
        return Uni.createFrom().completionStage(() -> {
            Context context = Vertx.currentContext();
            if (context == null) {
                throw new IllegalStateException("not on a Vert.x context");
            }
            return context.executeBlocking(work, false).toCompletionStage();
        });
    }
}
