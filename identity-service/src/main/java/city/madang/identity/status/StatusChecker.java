package city.madang.identity.status;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Finds out the status of a presented credential (draft-ietf-oauth-status-list §8.3). */
@ApplicationScoped
public class StatusChecker {

    /**
     * Never fails: what cannot be found out is {@link CredentialStatus#UNAVAILABLE}.
     *
     * @param statusClaim the credential's {@code status}, {@code {"status_list": {"idx": 0, "uri": "…"}}}; a credential without one
     *     is valid for as long as it says itself
     * @param issuer who signed the credential, its chain checked already; the list must be of the same agency
     */
    public Uni<CredentialStatus> check(@Nullable Object statusClaim, X509Certificate issuer) {
        return Uni.createFrom().item(statusClaim == null ? CredentialStatus.VALID : CredentialStatus.UNAVAILABLE);
    }
}
