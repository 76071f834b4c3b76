package city.madang.records.sealing;

import city.madang.records.RecordsConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

/** A process that is told to seal and cannot does not start, since its records would wait for ever. */
@ApplicationScoped
class WhoSeals {

    void start(@Observes StartupEvent started, RecordsConfig config, Instance<SealingWorker> worker) {
        if (config.sealing().enabled() && !worker.isResolvable()) {
            throw new IllegalStateException(
                    "a native executable does not seal: set madang.sealing.enabled=false and run a JVM image beside it that does");
        }
    }
}
