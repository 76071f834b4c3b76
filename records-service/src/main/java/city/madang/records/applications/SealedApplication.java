package city.madang.records.applications;

import city.madang.records.applications.course.Happening;
import city.madang.records.sealing.WhenSealed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Moves the application on when its record is sealed. */
@ApplicationScoped
public class SealedApplication implements WhenSealed {

    private final Saga saga;

    SealedApplication(Saga saga) {
        this.saga = saga;
    }

    @Override
    public Uni<Void> sealed(Mutiny.Session session, UUID application, UUID record, Instant at) {
        return saga.lock(session, application.toString())
                .chain(found -> saga.take(session, found, new Happening.RecordSealed()));
    }
}
