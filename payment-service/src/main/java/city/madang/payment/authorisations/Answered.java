package city.madang.payment.authorisations;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Answers of threads that serve many requests: each request goes on where it came from. */
final class Answered {

    private Answered() {}

    /** What is asked for, with its answer on this context. */
    static <T> Uni<T> on(Context context, Supplier<CompletableFuture<T>> asked) {
        return Uni.createFrom().emitter(answer -> asked.get()
                .whenComplete((given, failure) -> context.runOnContext(back -> {
                    if (failure == null) {
                        answer.complete(given);
                    } else {
                        answer.fail(failure instanceof CompletionException all ? all.getCause() : failure);
                    }
                })));
    }
}
