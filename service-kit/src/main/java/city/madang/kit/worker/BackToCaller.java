package city.madang.kit.worker;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Brings what arrives on another thread (a client's, another request's) back to the Vert.x context that asked for it. */
public final class BackToCaller {

    private BackToCaller() {}

    /** The answer, or the failure, on the context on which this is called; off any context it stays where it arrives. */
    public static <T> Uni<T> of(Uni<T> answer) {
        @Nullable Context caller = Vertx.currentContext();
        return caller == null ? answer : answer.emitOn(work -> caller.runOnContext(nothing -> work.run()));
    }
}
