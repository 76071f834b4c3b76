package city.madang.payment.authorisations;

import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** What was paid back of a payment. */
@Path("/payment/authorisations/{id}/refunds")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class RefundsResource {

    private final Authorisations authorisations;
    private final OwnerOfCall call;

    RefundsResource(Authorisations authorisations, OwnerOfCall call) {
        this.authorisations = authorisations;
        this.call = call;
    }

    /** A page of refunds, in the order in which they were accepted. */
    public record Page(List<AuthorisationView> items, @Nullable String next) {}

    @GET
    @Operation(summary = "The refunds of a payment of which the caller is payer or payee")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = Page.class),
                            examples = @ExampleObject(AuthorisationExamples.REFUNDS)))
    public Uni<Page> list(
            @Pattern(regexp = "0x[0-9a-f]{64}") String id,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @DefaultValue("0") @Min(0) long after) {
        return authorisations
                .get(call.owner(), id)
                .chain(payment -> authorisations.refunds(payment, after, limit))
                .map(found -> new Page(
                        found.stream().map(Transfer::view).toList(),
                        found.size() < limit
                                ? null
                                : Long.toString(found.getLast().position())));
    }
}
