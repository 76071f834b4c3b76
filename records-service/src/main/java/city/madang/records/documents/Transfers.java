package city.madang.records.documents;

import city.madang.kit.problem.CommonProblem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds the documents that come and go at a time. */
@ApplicationScoped
public class Transfers {

    private final Semaphore places;

    Transfers(DocumentSettings settings, MeterRegistry meters) {
        this.places = new Semaphore(settings.mostTransfers());
        Gauge.builder(
                        "madang.records.documents.transfers",
                        places,
                        free -> settings.mostTransfers() - free.availablePermits())
                .description("Documents that are being sent or received by this process")
                .register(meters);
    }

    /** A place; a problem (503) if there is none. Whoever gets it gives it back, more than once at will. */
    Place take() {
        if (!places.tryAcquire()) {
            throw CommonProblem.UNAVAILABLE.with("too many documents are under way; try again shortly");
        }
        return new Place(places);
    }

    static final class Place implements AutoCloseable {

        private final Semaphore places;
        private final AtomicBoolean given = new AtomicBoolean();

        private Place(Semaphore places) {
            this.places = places;
        }

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                places.release();
            }
        }
    }
}
