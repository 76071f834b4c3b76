package city.madang.records.standing;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.log.CanonicalJson;
import city.madang.records.log.RecordLog;
import city.madang.records.log.SaltedHash;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Ends a sealed record: its agency's log gets an entry that says so, which whoever can open the record's own entry recognises. */
@ApplicationScoped
public class EndRecord {

    private final RecordLog log;

    EndRecord(RecordLog log) {
        this.log = log;
    }

    /** The idempotency key of the entry in the log. */
    static String logKey(UUID record, String kind) {
        return "record/" + record + "/" + kind;
    }

    /** Within the session's transaction; a record ends once, and ending it again changes nothing. */
    public Uni<Void> end(Mutiny.Session session, UUID record, Ending ending) {
        return session.createNativeQuery(
                        "select agency, version, record_salt from record where id = ?1", Object[].class)
                .setParameter(1, record)
                .getSingleResult()
                .chain(row -> end(session, record, ending, (String) row[0], (Integer) row[1], (byte[]) row[2]));
    }

    private Uni<Void> end(
            Mutiny.Session session, UUID record, Ending ending, String agency, int version, byte[] recordSalt) {
        String entry = entry(record, ending, version, recordSalt, Instant.now());
        @Nullable UUID successor = ending instanceof Ending.Superseded superseded ? superseded.successor() : null;
        return session.createNativeQuery("insert into record_end (record, kind, successor, entry)"
                        + " values (?1, ?2, cast(?3 as uuid), ?4) on conflict do nothing")
                .setParameter(1, record)
                .setParameter(2, ending.kind())
                .setParameter(3, successor)
                .setParameter(4, entry)
                .executeUpdate()
                .chain(ended -> ended == 0
                        ? Uni.createFrom().voidItem()
                        : log.queue(session, agency, logKey(record, ending.kind()), entry.getBytes(UTF_8)));
    }

    /** Canonical JSON (RFC 8785); {@code record} is the commitment that stands in the entry of the record's sealing. */
    static String entry(UUID record, Ending ending, int version, byte[] recordSalt, Instant at) {
        return CanonicalJson.of(new JsonObject()
                .put("type", "record." + ending.kind())
                .put("record", SaltedHash.of(recordSalt, record))
                .put("version", version)
                .put("time", at.truncatedTo(ChronoUnit.SECONDS).toString()));
    }
}
