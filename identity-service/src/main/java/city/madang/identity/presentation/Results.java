package city.madang.identity.presentation;

import city.madang.identity.jose.Sha256;
import city.madang.identity.secrets.AtRest;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What was disclosed, for the agency that asked, once. */
@ApplicationScoped
public class Results {

    private final Mutiny.SessionFactory sessions;
    private final AtRest atRest;

    Results(Mutiny.SessionFactory sessions, AtRest atRest) {
        this.sessions = sessions;
        this.atRest = atRest;
    }

    /** What an agency gets when it asks for the result. */
    sealed interface Result {
        /** @param credentials JSON: what was asked for, by the id of the credential query */
        record Claims(String credentials) implements Result {}

        record Pending() implements Result {}

        record Gone() implements Result {}

        /** The result waits, but the response code that the browser brought back is missing or not this one's. */
        record OtherBrowser() implements Result {}

        record Unknown() implements Result {}
    }

    /**
     * Gives the disclosed claims and forgets them.
     *
     * @param responseCode what the browser brought back, where it had to (OpenID4VP 1.0 §14.2)
     */
    Uni<Result> take(UUID id, String agency, @Nullable String responseCode) {
        // within the transaction: what cannot be read is not forgotten
        return sessions.withTransaction(
                session -> session.find(PresentationEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                        .map(found -> take(found, agency, responseCode))
                        .chain(result -> result instanceof Result.Claims claims
                                ? OffLoop.call(() ->
                                        new Result.Claims(atRest.open(id, AtRest.Kind.RESULT, claims.credentials())))
                                : Uni.createFrom().item(result)));
    }

    private static Result take(@Nullable PresentationEntity found, String agency, @Nullable String responseCode) {
        if (found == null || !found.agency.equals(agency) || found.application != null) {
            return new Result.Unknown();
        }
        Instant now = Instant.now();
        if (found.stateAt(now) == PresentationState.REQUESTED) {
            return new Result.Pending();
        }
        if (found.result == null || !now.isBefore(found.expiresAt)) {
            found.result = null;
            return new Result.Gone();
        }
        if (found.isSameDevice() && !isCode(found.responseCodeSha256, responseCode)) {
            return new Result.OtherBrowser();
        }
        String sealed = found.result;
        found.result = null;
        found.responseCodeSha256 = null;
        return new Result.Claims(sealed);
    }

    static boolean isCode(@Nullable String expectedSha256, @Nullable String given) {
        return expectedSha256 != null
                && given != null
                && MessageDigest.isEqual(
                        expectedSha256.getBytes(StandardCharsets.US_ASCII),
                        Sha256.hex(given).getBytes(StandardCharsets.US_ASCII));
    }
}
