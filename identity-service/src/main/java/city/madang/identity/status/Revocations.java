package city.madang.identity.status;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * What was revoked or suspended must not be issued anew from the same entitlement: the offer that it came from, or the grant of
 * a plain sign-in.
 */
@ApplicationScoped
public class Revocations {

    /**
     * Takes the lock of an entitlement until the transaction ends; its parameter is {@link #lockName}. An advisory lock, because the
     * row of a renewal is not there yet when a revocation would have to lock it.
     */
    public static final String LOCK = "select 1 from pg_advisory_xact_lock(hashtextextended(%s, 1))";

    /** What identifies the entitlement behind a row of {@code issuance}, together with its credential type. */
    public static final String ENTITLEMENT = "coalesce(offer, grant_id, id)";

    public static String lockName(UUID entitlement, String credentialType) {
        return "issuance " + entitlement + " " + credentialType;
    }

    /**
     * Whether an earlier issuance of the same type from this entitlement is revoked or suspended. To be asked in the transaction
     * that inserts the issuance, before it locks or inserts any row of {@code issuance}: from here until the end of that
     * transaction no status of the entitlement changes, and a revocation that waits for it then takes the new issuance along.
     *
     * @param grant of the access token
     * @param offer that the grant is for, or null after a plain sign-in
     */
    public Uni<Boolean> isBlocked(Mutiny.Session session, UUID grant, @Nullable UUID offer, String credentialType) {
        UUID entitlement = offer == null ? grant : offer;
        return session.createNativeQuery(LOCK.formatted("?1"))
                .setParameter(1, lockName(entitlement, credentialType))
                .getSingleResult()
                .chain(() -> session.createNativeQuery(
                                "select count(*) from issuance where credential_type = ?1 and " + ENTITLEMENT
                                        + " = ?2 and status <> 'valid'",
                                Long.class)
                        .setParameter(1, credentialType)
                        .setParameter(2, entitlement)
                        .getSingleResult())
                .map(blocked -> blocked > 0);
    }
}
