package city.madang.payment.limits;

import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** An account's limits, for its owner. */
@Path("/payment/accounts/{id}/limits")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class LimitsResource {

    /** More than can ever be attested, so as good as no limit. */
    private static final long LIMIT_MAX = 1_000_000_000_000_000L;

    private static final String BYTES32 = "0x[0-9a-f]{64}";
    private static final String WANTED = "{\"per_payment\": 100000, \"per_day\": 300000}";
    private static final String PLAN =
            """
            {"now": {"per_payment": 50000, "per_day": 300000}, "next": {"per_payment": 100000, "per_day": 300000},
             "from": "2026-11-26T12:00:00Z"}""";

    private final LimitStore limits;
    private final OwnerOfCall call;

    LimitsResource(LimitStore limits, OwnerOfCall call) {
        this.limits = limits;
        this.call = call;
    }

    /** Limits that the owner wants, in won; a missing one does not limit. */
    public record Wanted(
            @Nullable @Min(0) @Max(LIMIT_MAX) Long perPayment, @Nullable @Min(0) @Max(LIMIT_MAX) Long perDay) {}

    @GET
    @Operation(summary = "An account's limits, and those that will count")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Limits.Plan.class), examples = @ExampleObject(PLAN)))
    public Uni<Limits.Plan> get(@Pattern(regexp = BYTES32) String id) {
        return limits.find(call.owner(), id);
    }

    @PUT
    @Operation(
            summary = "Set the most that one payment and all payments of a day may move",
            description = "What is lowered counts at once, what is raised after a day.")
    @RequestBody(content = @Content(examples = @ExampleObject(WANTED)))
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Limits.Plan.class), examples = @ExampleObject(PLAN)))
    public Uni<Limits.Plan> set(@Pattern(regexp = BYTES32) String id, @NotNull @Valid Wanted wanted) {
        return limits.set(call.owner(), id, new Limits(wanted.perPayment(), wanted.perDay()));
    }
}
