package city.madang.identity.issuance;

import city.madang.kit.p256.P256;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** Runs signatures where they cost least: a few at once on the event loop, many on a worker thread. */
final class Effort {

    /** At most 0.2 ms with the fast provider; a change of threads costs about as much. */
    private static final int FEW = 3;

    private Effort() {}

    static <T> Uni<T> of(int signatures, Supplier<T> work) {
        return P256.isFast() && signatures <= FEW ? Uni.createFrom().item(work) : OffLoop.call(work::get);
    }
}
