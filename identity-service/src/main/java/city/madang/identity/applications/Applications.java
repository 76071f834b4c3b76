package city.madang.identity.applications;

import city.madang.kit.handover.HandoverStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** Applications and the keys of their handovers. */
@ApplicationScoped
public class Applications {

    Applications() {}

    public Uni<Void> add(Mutiny.Session session, Application application) {
        ApplicationEntity entity = new ApplicationEntity();
        entity.id = application.id();
        entity.service = application.service();
        entity.agency = application.agency();
        entity.applicant = application.applicant();
        entity.recordsKey = application.recordsKey().encode();
        entity.ownKey = application.ownKey();
        return session.persist(entity).chain(session::flush);
    }

    public Uni<Optional<Application>> find(Mutiny.Session session, UUID id) {
        return session.find(ApplicationEntity.class, id)
                .map(found -> Optional.ofNullable(found).map(ApplicationEntity::toApplication));
    }

    /** The application, its row locked until the transaction ends, so that of two events only one finds its key. */
    public Uni<Optional<Application>> lock(Mutiny.Session session, UUID id) {
        return session.find(ApplicationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .map(found -> Optional.ofNullable(found).map(ApplicationEntity::toApplication));
    }

    /** Locks the application and destroys its key with the commit of this transaction. */
    public Uni<Void> destroyKey(Mutiny.Session session, UUID id) {
        return session.find(ApplicationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .invoke(found -> {
                    if (found != null) {
                        found.ownKey = null;
                    }
                })
                .replaceWithVoid();
    }

    /** Has the blob deleted once this transaction has committed. */
    public Uni<Void> disposeOf(Mutiny.Session session, HandoverStore.Reference handover) {
        return session.createNativeQuery(
                        "insert into handover_disposal (id, sha256) values (?1, ?2) on conflict do nothing")
                .setParameter(1, UUID.fromString(handover.id()))
                .setParameter(2, handover.sha256())
                .executeUpdate()
                .replaceWithVoid();
    }
}
