package city.madang.identity.authorization;

import city.madang.identity.offers.Redemption;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * {@code POST /identity/credential-offers/{id}/renewal}: codes are good once, so a wallet that lost the answer to its code, or was
 * lost itself, needs a new one to get what was offered.
 */
@Path("/identity/credential-offers/{id}/renewal")
public class OfferRenewalResource {

    private final Redemption redemption;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;

    OfferRenewalResource(Redemption redemption, Mutiny.SessionFactory sessions, CurrentCaller caller) {
        this.redemption = redemption;
        this.sessions = sessions;
        this.caller = caller;
    }

    @POST
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Operation(
            summary = "Have one of the caller's offers opened anew, which was redeemed but not issued",
            description =
                    "It gets new codes; what the earlier ones were redeemed for ends. An open offer stays as it is.")
    @APIResponse(responseCode = "204", description = "It can be redeemed")
    @APIResponse(responseCode = "409", description = "It was issued, has expired, or is dead after wrong guesses")
    public Uni<Void> renew(@PathParam("id") UUID id) {
        String holder = caller.citizen().subject();
        return sessions.withTransaction(
                session -> redemption.reopen(session, id, holder).chain(reopened -> switch (reopened) {
                    case OPEN ->
                        session.createMutationQuery("delete from GrantEntity where offer = ?1")
                                .setParameter(1, id)
                                .executeUpdate()
                                .replaceWithVoid();
                    case OVER -> throw CommonProblem.CONFLICT.with("the offer was issued, has expired or is locked");
                    case UNKNOWN -> throw CommonProblem.NOT_FOUND.with("there is no such offer");
                }));
    }
}
