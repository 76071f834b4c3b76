package city.madang.records.standing;

import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Told, in the transaction that tells everyone, that a published log entry says that a record is revoked. */
public interface WhenRevoked {

    /** @param application the one that the record came from */
    Uni<Void> revoked(Mutiny.Session session, UUID application);
}
