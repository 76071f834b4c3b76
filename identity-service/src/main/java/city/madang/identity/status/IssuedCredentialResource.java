package city.madang.identity.status;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.Cache;
import org.jspecify.annotations.Nullable;

/** {@code /identity/credentials}: what was issued, and its status. Holds no claims. */
@Path("/identity/credentials")
@Produces(MediaType.APPLICATION_JSON)
@Cache(noStore = true)
public class IssuedCredentialResource {

    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String CODE = "[a-z_]{1,40}";
    private static final int LONGEST_NOTE = 500;

    private final Issuances issuances;
    private final StatusChanges changes;
    private final CurrentCaller caller;

    IssuedCredentialResource(Issuances issuances, StatusChanges changes, CurrentCaller caller) {
        this.issuances = issuances;
        this.changes = changes;
        this.caller = caller;
    }

    /**
     * @param by role of who changed it
     * @param actor {@code sub} of who changed it, for the agency alone
     * @param note for the agency alone
     */
    record ChangeView(
            String status, String reason, String by, @Nullable String actor, @Nullable String note, Instant at) {}

    /**
     * @param copies credentials in the batch
     * @param changes of its status, first to last; only where one credential is asked for
     */
    record CredentialView(
            UUID id,
            String credentialConfigurationId,
            String holder,
            @Nullable UUID offer,
            @Nullable UUID application,
            String format,
            int copies,
            String status,
            Instant issuedAt,
            Instant expiresAt,
            @Nullable List<ChangeView> changes) {}

    record CredentialPage(List<CredentialView> items, @Nullable UUID next) {}

    /** @param note what led to it, for the agency alone */
    record NewStatus(
            @NotNull @Pattern(regexp = CODE) String status,
            @NotNull @Pattern(regexp = CODE) String reason,
            @Size(max = LONGEST_NOTE) @Nullable String note) {}

    @GET
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER, CurrentCaller.CITIZEN})
    @Operation(summary = "Issued credentials: the agency's own, or the citizen's own")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content =
                    @Content(
                            schema = @Schema(implementation = CredentialPage.class),
                            examples = @ExampleObject(name = "credentials", value = StatusExamples.CREDENTIALS)))
    public Uni<CredentialPage> list(
            @QueryParam("holder") @Pattern(regexp = UUID_PATTERN) @Nullable String holder,
            @QueryParam("offer") @Nullable UUID offer,
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return issuances.list(Actor.of(caller), holder, offer, after, limit + 1).map(found -> {
            List<Issuance> page = found.subList(0, Math.min(limit, found.size()));
            return new CredentialPage(
                    page.stream().map(issuance -> view(issuance, null)).toList(),
                    found.size() > limit ? page.getLast().id() : null);
        });
    }

    @GET
    @Path("{id}")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER, CurrentCaller.CITIZEN})
    @Operation(summary = "One issued credential, with what became of its status")
    @APIResponse(
            responseCode = "200",
            description = "The credential",
            content =
                    @Content(
                            schema = @Schema(implementation = CredentialView.class),
                            examples = @ExampleObject(name = "credential", value = StatusExamples.CREDENTIAL)))
    public Uni<CredentialView> get(@PathParam("id") UUID id) {
        return shown(id, Actor.of(caller));
    }

    @PUT
    @Path("{id}/status")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER, CurrentCaller.CITIZEN})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Revoke, suspend or resume a credential",
            description =
                    "By the agency that issued it; the holder can revoke her own. All copies and renewals take the status, and"
                            + " nothing is issued anew from the same offer or sign-in unless it is valid again. Revocation is final.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NewStatus.class),
                            examples = {
                                @ExampleObject(name = "revoke", value = StatusExamples.REVOKE),
                                @ExampleObject(name = "suspend", value = StatusExamples.SUSPEND),
                                @ExampleObject(name = "resume", value = StatusExamples.RESUME),
                                @ExampleObject(name = "lost wallet", value = StatusExamples.LOST_WALLET)
                            }))
    @APIResponse(
            responseCode = "200",
            description = "It has this status now, or had it before",
            content =
                    @Content(
                            schema = @Schema(implementation = CredentialView.class),
                            examples = @ExampleObject(name = "credential", value = StatusExamples.CREDENTIAL)))
    public Uni<CredentialView> change(@PathParam("id") UUID id, @NotNull @Valid NewStatus body) {
        IssuanceStatus status = IssuanceStatus.of(body.status())
                .orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("status must be valid, suspended or revoked"));
        StatusReason reason = StatusReason.of(body.reason())
                .filter(known -> known.explains(status))
                .orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("reason is no code for a change to this status"));
        Actor actor = Actor.of(caller);
        return changes.apply(new StatusChanges.Wish(id, status, reason, body.note()), actor)
                .chain(() -> shown(id, actor));
    }

    private Uni<CredentialView> shown(UUID id, Actor actor) {
        return issuances
                .find(id, actor)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such credential")))
                .chain(issuance ->
                        issuances.changes(id).map(all -> view(issuance, views(all, actor.isIssuerOf(issuance)))));
    }

    private static List<ChangeView> views(List<StatusChange> changes, boolean forIssuer) {
        return changes.stream()
                .map(change -> new ChangeView(
                        change.status(),
                        change.reason(),
                        change.actorRole(),
                        forIssuer ? change.actor() : null,
                        forIssuer ? change.note() : null,
                        change.at()))
                .toList();
    }

    private static CredentialView view(Issuance issuance, @Nullable List<ChangeView> changes) {
        return new CredentialView(
                issuance.id(),
                issuance.credentialType(),
                issuance.holder(),
                issuance.offer(),
                issuance.application(),
                issuance.format(),
                issuance.indexes().size(),
                issuance.status().text(),
                issuance.issuedAt(),
                issuance.expiresAt(),
                changes);
    }
}
