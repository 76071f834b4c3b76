package city.madang.payment.requests;

import city.madang.payment.accounts.Owner;
import city.madang.payment.problems.PaymentProblem;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/** What each key of a client made. A second request with the key waits for the first, and makes nothing. */
@ApplicationScoped
public class AnsweredRequests {

    private final Pool pool;

    AnsweredRequests(Pool pool) {
        this.pool = pool;
    }

    /**
     * A request with a client's key.
     *
     * @param owner whose key it is
     * @param operation a name; the same key may be used once for each
     * @param key as {@link ClientKey} reads it
     * @param fingerprint of what is asked, see {@link #fingerprint}
     */
    public record Request(Owner owner, String operation, String key, String fingerprint) {

        String whose() {
            return owner.kind().text() + ":" + owner.name();
        }
    }

    /**
     * What became of a request.
     *
     * @param made ids of what it made, now or before
     * @param replayed whether that was before
     */
    public record Made(List<UUID> made, boolean replayed) {

        /** Keeps its own copy of {@code made}. */
        public Made {
            made = List.copyOf(made);
        }
    }

    /** SHA-256 of a request, hex. */
    public static String fingerprint(String request) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Does the work unless the key has done it, all within the session's transaction. */
    public Uni<Made> once(Mutiny.Session session, Request request, Supplier<Uni<List<UUID>>> work) {
        // inserting the same key waits until the transaction that inserted it has ended
        return session.createNativeQuery("insert into answered_request (owner, operation, key, fingerprint)"
                        + " values (?1, ?2, ?3, ?4) on conflict do nothing")
                .setParameter(1, request.whose())
                .setParameter(2, request.operation())
                .setParameter(3, request.key())
                .setParameter(4, request.fingerprint())
                .executeUpdate()
                .chain(inserted -> inserted == 0
                        ? before(session, request)
                        : work.get().call(made -> note(session, request, made)).map(made -> new Made(made, false)));
    }

    private static Uni<Made> before(Mutiny.Session session, Request request) {
        return session.createNativeQuery(
                        "select fingerprint, array_to_string(made, ',') from answered_request"
                                + " where owner = ?1 and operation = ?2 and key = ?3",
                        Object[].class)
                .setParameter(1, request.whose())
                .setParameter(2, request.operation())
                .setParameter(3, request.key())
                .getSingleResult()
                .map(row -> {
                    if (!request.fingerprint().equals(row[0])) {
                        throw PaymentProblem.IDEMPOTENCY_KEY_REUSED.with("use a new key for a new request");
                    }
                    return new Made(ids((String) row[1]), true);
                });
    }

    private static List<UUID> ids(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty()).stream()
                .flatMap(some -> Arrays.stream(some.split(",", -1)))
                .map(UUID::fromString)
                .toList();
    }

    private static Uni<Integer> note(Mutiny.Session session, Request request, List<UUID> made) {
        return session.createNativeQuery("update answered_request set made = cast(string_to_array(?4, ',') as uuid[])"
                        + " where owner = ?1 and operation = ?2 and key = ?3")
                .setParameter(1, request.whose())
                .setParameter(2, request.operation())
                .setParameter(3, request.key())
                .setParameter(
                        4, String.join(",", made.stream().map(UUID::toString).toList()))
                .executeUpdate();
    }

    /** A month: longer than any client repeats a request. */
    @Scheduled(every = "1h", delayed = "10m")
    Uni<Void> forgetOld() {
        return pool.query("delete from answered_request where answered < now() - interval '30 days'")
                .execute()
                .replaceWithVoid();
    }
}
