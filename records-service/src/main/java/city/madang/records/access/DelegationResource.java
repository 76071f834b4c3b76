package city.madang.records.access;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.Page;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A citizen lets another person read, for a time, and takes it back. */
@Path("/records/delegations")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.CITIZEN)
public class DelegationResource {

    static final int LONGEST_BODY = 2 * 1024;

    private static final Duration LONGEST = Duration.ofDays(366);

    private final Delegations delegations;
    private final CurrentCaller caller;

    DelegationResource(Delegations delegations, CurrentCaller caller) {
        this.delegations = delegations;
        this.caller = caller;
    }

    /** @param state {@code active}, {@code expired} or {@code revoked} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(
            UUID id,
            String owner,
            String delegate,
            @Nullable UUID record,
            @Nullable String agency,
            @Nullable String type,
            Instant given,
            Instant expires,
            String state) {

        static View of(Delegations.Delegation delegation) {
            return new View(
                    delegation.id(),
                    delegation.owner(),
                    delegation.delegate(),
                    delegation.scope().record(),
                    delegation.scope().agency(),
                    delegation.scope().type(),
                    delegation.given(),
                    delegation.expires(),
                    delegation.revoked() != null
                            ? "revoked"
                            : delegation.expires().isAfter(Instant.now()) ? "active" : "expired");
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequestBody(content = @Content(examples = @ExampleObject(AccessExamples.DELEGATION)))
    @APIResponse(
            responseCode = "201",
            description = "given; it counts from now on",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<RestResponse<View>> post(String body) {
        String owner = caller.citizen().subject();
        JsonNode tree = JsonBody.read(body, LONGEST_BODY);
        Members.only(tree, Set.of("delegate", "record", "agency", "type", "expires"));
        String delegate = Members.uuid(tree, "delegate").toString();
        if (delegate.equals(owner)) {
            throw CommonProblem.INVALID_REQUEST.with("delegate must be another person");
        }
        Delegations.Scope scope = new Delegations.Scope(
                tree.has("record") ? Members.uuid(tree, "record") : null,
                tree.has("agency") ? Members.slug(tree, "agency") : null,
                tree.has("type") ? Members.slug(tree, "type") : null);
        if (scope.type() != null && scope.agency() == null) {
            throw CommonProblem.INVALID_REQUEST.with("a type is an agency's: agency must be named too");
        }
        return delegations
                .give(owner, delegate, scope, expires(tree))
                .map(given -> RestResponse.status(
                        RestResponse.Status.CREATED,
                        View.of(given.orElseThrow(() -> CommonProblem.CONFLICT.with(
                                "at most " + Delegations.MOST + " may be active at a time")))));
    }

    @GET
    public Uni<Page<View>> list(
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        return delegations
                .of(caller.citizen().subject(), after, limit + 1)
                .map(found -> Page.of(found.stream().map(View::of).toList(), limit, view -> view.id()
                        .toString()));
    }

    @DELETE
    @Path("{id}")
    public Uni<Void> delete(@PathParam("id") UUID id) {
        return delegations
                .revoke(caller.citizen().subject(), id)
                .invoke(found -> {
                    if (!found) {
                        throw CommonProblem.NOT_FOUND.with("there is no such delegation");
                    }
                })
                .replaceWithVoid();
    }

    private static Instant expires(JsonNode tree) {
        Instant now = Instant.now();
        try {
            Instant expires = Instant.parse(tree.path("expires").asText());
            if (expires.isAfter(now) && expires.isBefore(now.plus(LONGEST))) {
                return expires;
            }
        } catch (DateTimeParseException malformed) {
            // told below
        }
        throw CommonProblem.INVALID_REQUEST.with("expires must be a time within a year from now");
    }
}
