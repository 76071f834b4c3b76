package city.madang.payment.freezes;

import city.madang.kit.caller.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Orders to freeze accounts, for officers of the treasury. */
@Path("/payment/freeze-orders")
@Produces(MediaType.APPLICATION_JSON)
public class FreezeOrdersResource {

    private static final String ORDER =
            """
            {"account": "0x1daef69a8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e9a550f6b5d1f4b0e8c2f", "action": "freeze",
             "reason": "Court order 2026-1234"}""";
    private static final String VIEW =
            """
            {"id": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10",
             "account": "0x1daef69a8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e9a550f6b5d1f4b0e8c2f", "action": "freeze",
             "reason": "Court order 2026-1234", "state": "approved", "created_at": "2026-11-25T12:00:00Z"}""";

    private final FreezeOrders orders;
    private final CurrentCaller caller;

    FreezeOrdersResource(FreezeOrders orders, CurrentCaller caller) {
        this.orders = orders;
        this.caller = caller;
    }

    /** An order that an officer proposes. */
    public record Proposal(
            @NotNull @Pattern(regexp = "0x[0-9a-f]{64}") String account,
            @NotNull @Pattern(regexp = "freeze|unfreeze") String action,
            @NotBlank @Size(max = 500) @Pattern(regexp = "\\P{Cntrl}*") String reason) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(summary = "Propose to freeze an account, or to end that; another officer must approve")
    @RequestBody(content = @Content(examples = @ExampleObject(ORDER)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = FreezeOrders.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<RestResponse<FreezeOrders.View>> propose(@NotNull @Valid Proposal proposal) {
        return orders.propose(caller.officer().subject(), proposal.account(), proposal.action(), proposal.reason())
                .map(order -> RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, order)
                        .location(URI.create("/payment/freeze-orders/" + order.id()))
                        .build());
    }

    @POST
    @Path("/{id}/approval")
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(summary = "Approve an order that another officer has proposed")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = FreezeOrders.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<FreezeOrders.View> approve(UUID id) {
        return orders.approve(caller.officer().subject(), id);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({CurrentCaller.TREASURER, CurrentCaller.AUDITOR})
    @Operation(summary = "What became of an order")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = FreezeOrders.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<FreezeOrders.View> get(UUID id) {
        return orders.get(id);
    }
}
