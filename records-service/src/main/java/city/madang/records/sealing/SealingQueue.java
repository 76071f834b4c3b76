package city.madang.records.sealing;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** Records that wait to be sealed. */
@ApplicationScoped
public class SealingQueue {

    /** Queues within the session's transaction; a second job for an application is refused by the database. */
    public Uni<Void> add(Mutiny.Session session, SealingJob job) {
        return session.createNativeQuery(
                        "insert into sealing_job (record, application, agency, job) values (?1, ?2, ?3, ?4)")
                .setParameter(1, job.record())
                .setParameter(2, job.application())
                .setParameter(3, job.agency())
                .setParameter(4, job.toJson())
                .executeUpdate()
                .replaceWithVoid();
    }
}
