package city.madang.records.sealing;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Told, in the transaction that tells everyone, that a record is sealed and its log entry published. */
public interface WhenSealed {

    Uni<Void> sealed(Mutiny.Session session, UUID application, UUID record, Instant at);
}
