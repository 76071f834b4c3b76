package city.madang.payment.settlement;

import city.madang.payment.testing.Api;
import java.util.function.Supplier;

/** Lets the settler work while something is done that needs it. */
final class Turns {

    private Turns() {}

    static <T> T during(Settlement settlement, Supplier<T> work) {
        Api.separator();
        Thread settler = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                settlement.turn();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        try {
            return work.get();
        } finally {
            settler.interrupt();
            try {
                settler.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
