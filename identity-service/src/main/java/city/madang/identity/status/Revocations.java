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
     * Whether an earlier issuance of the same type from this entitlement is revoked or suspended. To be asked in the transaction
     * that inserts the issuance, before it locks or inserts any row of {@code issuance}: from here until the end of that
     * transaction no status of the entitlement changes, and a revocation that waits for it then takes the new issuance along.
     *
     * @param grant of the access token
     * @param offer that the grant is for, or null after a plain sign-in
     */
    public Uni<Boolean> isBlocked(Mutiny.Session session, UUID grant, @Nullable UUID offer, String credentialType) {
        return Uni.createFrom().item(false);
    }
}
