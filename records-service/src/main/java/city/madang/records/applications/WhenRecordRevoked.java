package city.madang.records.applications;

import city.madang.records.applications.course.Happening;
import city.madang.records.standing.WhenRevoked;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Ends the application when the log says that its record is revoked; only then does the fee go back. */
@ApplicationScoped
public class WhenRecordRevoked implements WhenRevoked {

    private final Saga saga;

    WhenRecordRevoked(Saga saga) {
        this.saga = saga;
    }

    @Override
    public Uni<Void> revoked(Mutiny.Session session, UUID application) {
        return saga.lock(session, application.toString())
                .chain(found -> saga.take(session, found, new Happening.RecordRevoked()));
    }
}
