package city.madang.identity.presentation;

import city.madang.identity.agencies.OnStanding;
import city.madang.kit.events.Outbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Ends the open requests of an agency that is revoked, and tells the applications that wait for an answer. */
@ApplicationScoped
class RevokedAgencies implements OnStanding {

    private final Outbox outbox;

    RevokedAgencies(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public Uni<Void> changed(Mutiny.Session session, String agency, boolean revoked) {
        return revoked
                ? session.createQuery(
                                "from PresentationEntity where agency = ?1 and state = ?2", PresentationEntity.class)
                        .setParameter(1, agency)
                        .setParameter(2, PresentationState.REQUESTED.text())
                        .setLockMode(LockMode.PESSIMISTIC_WRITE)
                        .getResultList()
                        .chain(open -> end(session, open))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> end(Mutiny.Session session, List<PresentationEntity> open) {
        Uni<Void> told = Uni.createFrom().voidItem();
        for (PresentationEntity request : open) {
            request.end(PresentationState.EXPIRED);
            request.expiresAt = Instant.now();
            @Nullable UUID application = request.application;
            if (application != null) {
                told = told.chain(
                        () -> outbox.add(session, PresentationRefused.event(application, "the agency is revoked")));
            }
        }
        return told;
    }
}
