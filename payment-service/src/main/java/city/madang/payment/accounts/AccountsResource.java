package city.madang.payment.accounts;

import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Accounts, for their owners. */
@Path("/payment/accounts")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class AccountsResource {

    private final Accounts accounts;
    private final OwnerOfCall call;
    private final String audience;
    private final Vertx vertx;

    AccountsResource(
            Accounts accounts, OwnerOfCall call, Vertx vertx, @ConfigProperty(name = "madang.origin") String origin) {
        this.accounts = accounts;
        this.call = call;
        this.vertx = vertx;
        this.audience = origin + "/payment";
    }

    /** A request to open an account. */
    public record Opening(@NotNull @Size(max = KeyProof.LENGTH_MAX) String proof) {}

    /** A page of accounts. */
    public record Page(List<AccountView> items, @Nullable String next) {}

    @POST
    @Operation(summary = "Open an account for a key whose possession is proven")
    @APIResponse(
            responseCode = "200",
            description = "opened before, for this key",
            content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(
            responseCode = "201",
            description = "opened",
            content = @Content(schema = @Schema(implementation = AccountView.class)))
    public Uni<RestResponse<AccountView>> open(@NotNull @Valid Opening opening) {
        Owner owner = call.owner();
        String subject = call.subject();
        // verification takes time that the event loop does not have; the session must be back on its context
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(() -> proven(opening.proof(), subject), false)
                        .toCompletionStage())
                .chain(proof -> accounts.open(owner, subject, proof))
                .map(opened -> RestResponse.ResponseBuilder.create(
                                opened.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK, opened.account())
                        .location(URI.create(
                                "/payment/accounts/" + opened.account().id()))
                        .build());
    }

    private KeyProof proven(String proof, String subject) {
        try {
            return KeyProof.verify(proof, audience, subject, Instant.now());
        } catch (KeyProof.Invalid invalid) {
            throw PaymentProblem.INVALID_PROOF.with(String.valueOf(invalid.getMessage()));
        }
    }

    @GET
    @Operation(summary = "The caller's accounts")
    public Uni<Page> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable @Pattern(regexp = "0x[0-9a-f]{64}") String after) {
        return accounts.list(call.owner(), after, limit)
                .map(items -> new Page(
                        items, items.size() < limit ? null : items.getLast().id()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One of the caller's accounts")
    public Uni<AccountView> get(@Pattern(regexp = "0x[0-9a-f]{64}") String id) {
        return accounts.get(call.owner(), id);
    }

    @POST
    @Path("/{id}/closing")
    @Operation(summary = "Close an empty account of the caller; nothing is paid into it any more")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = AccountView.class),
                            examples =
                                    @ExampleObject(
                                            """
                                            {"id": "0x1daef69a8c2f1b0e5d1f4b0e9a550f6b8f2d3c11aa0e9a550f6b5d1f4b0e8c2f",
                                             "state": "closed", "key_version": 1, "balance": 0, "available": 0}""")))
    public Uni<AccountView> close(@Pattern(regexp = "0x[0-9a-f]{64}") String id) {
        return accounts.close(call.owner(), id);
    }
}
