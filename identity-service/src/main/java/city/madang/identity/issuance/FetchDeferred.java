package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessTokens;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wallet comes back for a credential that its agency had to decide on (OpenID4VCI 1.0 clause 9). The transaction id is good for
 * one answer; if that was lost, the Credential Endpoint gives it again for the same keys, as it does with any other.
 */
@ApplicationScoped
public class FetchDeferred {

    private final PendingRequests pending;
    private final Catalogue catalogue;
    private final Issuing issuing;

    FetchDeferred(PendingRequests pending, Catalogue catalogue, Issuing issuing) {
        this.pending = pending;
        this.catalogue = catalogue;
        this.issuing = issuing;
    }

    Uni<Answer> fetch(AccessTokens.Checked.Good access, String transaction) {
        return pending.find(transaction, access.grant().id()).chain(found -> {
            if (found.isEmpty()) {
                return Answer.refused("invalid_transaction_id", "the transaction id is unknown or used");
            }
            PendingRequests.Pending request = found.get();
            Map<String, @Nullable Object> claims = request.claims();
            if (claims != null) {
                return issue(access, request, claims);
            }
            return request.state().equals("refused")
                    ? Answer.refused("credential_request_denied", "the agency has refused the credential")
                    : Uni.createFrom().item(new Answer.Deferred(transaction));
        });
    }

    private Uni<Answer> issue(
            AccessTokens.Checked.Good access, PendingRequests.Pending request, Map<String, @Nullable Object> claims) {
        HolderKeys holders = new HolderKeys(request.keys(), request.keysSha256());
        return catalogue.find(request.credentialType()).chain(found -> found.map(
                        what -> Issuing.Order.of(what, new ClaimsOf.Found.Claims(claims, null, null), holders)
                                .map(order -> issuing.issue(
                                        access, order, new Issuances.Right.Decided(request.id(), Instant.now())))
                                .orElseGet(Issuing::noIssuer))
                .orElseGet(() -> Answer.refused("credential_request_denied", "the credential type is withdrawn")));
    }
}
