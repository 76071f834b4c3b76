package city.madang.identity.issuance;

import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.types.ClaimsFit;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

/** {@code /identity/credential-requests}: what wallets have asked an agency for, and the agency decides. */
@Path("/identity/credential-requests")
@Produces(MediaType.APPLICATION_JSON)
public class PendingRequestResource {

    private static final String DECIDED = "it was decided before";

    private final PendingRequests pending;
    private final Catalogue catalogue;
    private final CurrentCaller caller;

    PendingRequestResource(PendingRequests pending, Catalogue catalogue, CurrentCaller caller) {
        this.pending = pending;
        this.catalogue = catalogue;
        this.caller = caller;
    }

    /**
     * A request as its agency sees it.
     *
     * @param holder the citizen's {@code sub}
     * @param state {@code pending}, or {@code ready} until the wallet has fetched it
     * @param copies how many credentials, each bound to a key of its own
     */
    record RequestView(
            UUID id,
            String credentialConfigurationId,
            String holder,
            String state,
            int copies,
            Instant createdAt,
            Instant expiresAt) {

        static RequestView of(PendingRequests.Pending request) {
            return new RequestView(
                    request.id(),
                    request.credentialType(),
                    request.holder(),
                    request.state(),
                    request.keys().size(),
                    request.created(),
                    request.expiresAt());
        }
    }

    record RequestPage(List<RequestView> items, @Nullable UUID next) {}

    record Fulfilled(@NotNull @Size(min = 1, max = 50) Map<String, Object> claims) {}

    /** @param reason for the agency's own records; the wallet does not see it */
    record Refusal(@NotBlank @Size(max = 500) @Pattern(regexp = "\\P{Cntrl}*") String reason) {}

    @GET
    @RolesAllowed(CurrentCaller.AGENCY)
    @Cache(noStore = true)
    @Operation(summary = "Requests that wait for the caller's agency, or for the wallet to fetch what it decided")
    @APIResponse(
            responseCode = "200",
            description = "The requests",
            content =
                    @Content(
                            schema = @Schema(implementation = RequestPage.class),
                            examples = @ExampleObject(name = "one", value = Examples.PENDING)))
    public Uni<RequestPage> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return pending.list(caller.agency().agency(), after, limit + 1).map(found -> {
            List<PendingRequests.Pending> page = found.subList(0, Math.min(limit, found.size()));
            return new RequestPage(
                    page.stream().map(RequestView::of).toList(),
                    found.size() > limit ? page.getLast().id() : null);
        });
    }

    @POST
    @Path("{id}/claims")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Grant a request: give the claims that its credential is to hold")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "residency", value = Examples.CLAIMS)))
    @APIResponse(responseCode = "204", description = "The wallet may fetch it now")
    @APIResponse(responseCode = "400", description = "The claims are not those of the type")
    @APIResponse(responseCode = "404", description = "The agency has no such request")
    @APIResponse(responseCode = "409", description = "It was decided before, or its type is withdrawn")
    public Uni<Void> fulfil(@PathParam("id") UUID id, @NotNull @Valid Fulfilled body) {
        String agency = caller.agency().agency();
        return undecided(id, agency)
                .chain(request -> catalogue.find(request.credentialType()))
                .map(found -> found.orElseThrow(() -> CommonProblem.CONFLICT.with("the type is withdrawn")))
                .invoke(what -> ClaimsFit.mismatch(what.type(), body.claims()).ifPresent(why -> {
                    throw IdentityProblem.CLAIMS_DO_NOT_MATCH.with(why);
                }))
                .chain(() -> pending.fulfil(id, agency, body.claims()))
                .invoke(PendingRequestResource::requireDone)
                .replaceWithVoid();
    }

    @POST
    @Path("{id}/refusal")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Refuse a request for good")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "refused", value = Examples.REFUSAL)))
    @APIResponse(responseCode = "204", description = "The wallet will hear that it is denied")
    @APIResponse(responseCode = "404", description = "The agency has no such request")
    @APIResponse(responseCode = "409", description = "It was decided before")
    public Uni<Void> refuse(@PathParam("id") UUID id, @NotNull @Valid Refusal body) {
        String agency = caller.agency().agency();
        return undecided(id, agency)
                .chain(() -> pending.refuse(id, agency, body.reason()))
                .invoke(PendingRequestResource::requireDone)
                .replaceWithVoid();
    }

    private Uni<PendingRequests.Pending> undecided(UUID id, String agency) {
        return pending.find(id, agency).map(found -> {
            PendingRequests.Pending request =
                    found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such request"));
            requireDone(request.state().equals("pending"));
            return request;
        });
    }

    private static void requireDone(boolean done) {
        if (!done) {
            throw CommonProblem.CONFLICT.with(DECIDED);
        }
    }
}
