package city.madang.records.retention;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How records of one kind are destroyed, by the capability that keeps them; all beans of this type are asked. */
public interface Shredding {

    /**
     * A record that could be destroyed.
     *
     * @param retainUntil null: for ever
     * @param early whether it may be destroyed by order before that
     */
    record Candidate(
            UUID record, String agency, String type, int versions, @Nullable Instant retainUntil, boolean early) {}

    /** Finds the record and locks it for the rest of the transaction; empty if it is not of this kind. */
    Uni<Optional<Candidate>> lock(SqlConnection connection, UUID record);

    /**
     * Deletes, in the transaction, the wrapped keys, the salts and all that says something of the record or links it to its log entries, and dooms its
     * ciphertext.
     */
    Uni<Void> shred(SqlConnection connection, UUID record);

    /** Records whose time has passed, that are not held. */
    Uni<List<UUID>> due(SqlClient client, int limit);
}
