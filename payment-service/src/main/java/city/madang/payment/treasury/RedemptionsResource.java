package city.madang.payment.treasury;

import city.madang.kit.caller.CurrentCaller;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
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

/** Burning what holders gave back. */
@Path("/payment/treasury/redemptions")
@Produces(MediaType.APPLICATION_JSON)
public class RedemptionsResource {

    private static final String VIEW =
            """
            {"id": "5b1c2f6e-64a4-4a0e-8f4e-0a5a5a1f7c10", "state": "proposed",
             "authorisation": "0xb78c793850ec326dc6ff3b1df0ebb2bf964dc596610b3b1e48aeb56cd1a2f421", "amount": 50000}""";

    private final Redemptions redemptions;
    private final CurrentCaller caller;

    RedemptionsResource(Redemptions redemptions, CurrentCaller caller) {
        this.redemptions = redemptions;
        this.caller = caller;
    }

    /** Which payment into the redemption account is to be burned. */
    public record Proposal(@NotNull @Pattern(regexp = "0x[0-9a-f]{64}") String authorisation) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(
            summary =
                    "Propose to burn what a payment into the redemption account brought; another treasurer must approve",
            description = "Once for each payment, after its bank transfer has arrived.")
    @RequestBody(
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"authorisation\": \"0xb78c793850ec326dc6ff3b1df0ebb2bf964dc596610b3b1e48aeb56cd1a2f421\"}")))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Redemptions.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<RestResponse<Redemptions.View>> propose(@NotNull @Valid Proposal proposal) {
        return redemptions
                .propose(caller.officer().subject(), proposal.authorisation())
                .map(view -> RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, view)
                        .location(URI.create("/payment/treasury/redemptions/" + view.id()))
                        .build());
    }

    @POST
    @Path("/{id}/approval")
    @RolesAllowed(CurrentCaller.TREASURER)
    @Operation(summary = "Approve a redemption that another treasurer has proposed")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = Redemptions.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<Redemptions.View> approve(UUID id) {
        return redemptions.approve(caller.officer().subject(), id);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({CurrentCaller.TREASURER, CurrentCaller.AUDITOR})
    @Operation(summary = "What became of a redemption")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = Redemptions.View.class),
                            examples = @ExampleObject(VIEW)))
    public Uni<Redemptions.View> get(UUID id) {
        return redemptions.get(id);
    }

    @GET
    @RolesAllowed({CurrentCaller.TREASURER, CurrentCaller.AUDITOR})
    @Operation(summary = "Payments into the redemption account, and what became of them")
    public Uni<Redemptions.Page> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @DefaultValue("0") @Min(0) @Max(Long.MAX_VALUE) long after) {
        return redemptions.list(after, limit);
    }
}
