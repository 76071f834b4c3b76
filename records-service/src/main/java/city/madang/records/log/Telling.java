package city.madang.records.log;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Has all tidings told while the service runs, each kind in a loop of its own. */
@ApplicationScoped
public class Telling {

    private final List<WhenPublished> loops;

    Telling(@All List<Tidings> kinds, Vertx vertx, Pool pool, RecordLog log) {
        this.loops = kinds.stream()
                .map(kind -> new WhenPublished(kind, vertx, pool, log))
                .toList();
    }

    void start(@Observes StartupEvent started) {
        loops.forEach(WhenPublished::start);
    }

    void stop(@Observes ShutdownEvent stopping) {
        loops.forEach(WhenPublished::stop);
    }
}
