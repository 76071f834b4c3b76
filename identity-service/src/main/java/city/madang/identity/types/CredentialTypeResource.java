package city.madang.identity.types;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.jose.Malformed;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code /identity/credential-types}: what can be issued, and by whom. */
@Path("/identity/credential-types")
@Produces(MediaType.APPLICATION_JSON)
public class CredentialTypeResource {

    private final CredentialTypes types;
    private final Agencies agencies;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final Event<TypesChanged> changed;
    private final IdentitySettings settings;

    CredentialTypeResource(
            CredentialTypes types,
            Agencies agencies,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            Event<TypesChanged> changed,
            IdentitySettings settings) {
        this.types = types;
        this.agencies = agencies;
        this.sessions = sessions;
        this.caller = caller;
        this.changed = changed;
        this.settings = settings;
    }

    /**
     * A type as anyone sees it.
     *
     * @param vct for {@code dc+sd-jwt}
     * @param doctype for {@code mso_mdoc}
     */
    record TypeView(
            String id,
            String agency,
            String format,
            @Nullable String vct,
            @Nullable String doctype,
            List<Map<String, Object>> display,
            List<Map<String, Object>> claims,
            int validityDays,
            int batchSize,
            int statusBits,
            @Nullable String acr,
            String source,
            @Nullable Map<String, Object> keyAttestation) {}

    record TypePage(List<TypeView> items, @Nullable String next) {}

    @PUT
    @Path("{id}")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Declare a credential type of the caller's agency, or declare it anew",
            description =
                    "Its format, name and owner never change. What was issued keeps the type metadata it was issued with;"
                            + " a type that was withdrawn is back.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Declaration.class),
                            examples = {
                                @ExampleObject(name = "short", value = TypeExamples.SHORT),
                                @ExampleObject(name = "long", value = TypeExamples.LONG)
                            }))
    @APIResponse(
            responseCode = "200",
            description = "The type as it is now",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TypeView.class),
                            examples = @ExampleObject(name = "type", value = TypeExamples.VIEW)))
    @APIResponse(responseCode = "400", description = "The declaration is not valid; detail says what is wrong")
    @APIResponse(
            responseCode = "409",
            description = "The id or the name belongs to another, or the agency has too many types")
    public Uni<TypeView> declare(
            @PathParam("id") @Pattern(regexp = Agency.SLUG) String id, @NotNull @Valid Declaration declaration) {
        String agency = caller.agency().agency();
        CredentialType type;
        try {
            type = DeclarationReader.read(id, agency, declaration);
        } catch (Malformed wrong) {
            throw CommonProblem.INVALID_REQUEST.with(String.valueOf(wrong.getMessage()));
        }
        return sessions.withTransaction(
                        session -> agencies.registered(session, agency).chain(() -> types.declare(session, type)))
                .invoke(() -> changed.fire(new TypesChanged()))
                .map(declared -> switch (declared) {
                    case CredentialTypes.Declared.Done done -> view(done.type());
                    case CredentialTypes.Declared.Taken taken ->
                        throw IdentityProblem.CREDENTIAL_TYPE_TAKEN.with("choose another id, vct_name or doctype");
                    case CredentialTypes.Declared.TooMany tooMany ->
                        throw IdentityProblem.TOO_MANY_CREDENTIAL_TYPES.with(
                                "an agency declares at most " + CredentialTypes.MOST_OF_AGENCY);
                });
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Operation(
            summary = "Withdraw a credential type of the caller's agency",
            description =
                    "Nothing of it is offered or issued any more, and open offers and requests for it end. Credentials that were"
                            + " issued stay valid, with their status and their type metadata. The id and the name stay the agency's: declared"
                            + " anew, the type is back.")
    @APIResponse(responseCode = "204", description = "It is withdrawn, now or before")
    @APIResponse(responseCode = "404", description = "The agency has no such type")
    public Uni<Void> withdraw(@PathParam("id") @Pattern(regexp = Agency.SLUG) String id) {
        String agency = caller.agency().agency();
        return sessions.withTransaction(session -> types.withdraw(session, id, agency))
                .invoke(found -> {
                    if (!found) {
                        throw CommonProblem.NOT_FOUND.with("the caller's agency has no such type");
                    }
                    changed.fire(new TypesChanged());
                })
                .replaceWithVoid();
    }

    @GET
    @PermitAll
    @Operation(summary = "All credential types that can be issued, page by page")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TypePage.class),
                            examples = @ExampleObject(name = "types", value = TypeExamples.PAGE)))
    public Uni<TypePage> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Pattern(regexp = Agency.SLUG) @Nullable String after) {
        return sessions.withSession(session -> types.list(session, after, limit + 1))
                .map(found -> {
                    List<CredentialType> page = found.subList(0, Math.min(limit, found.size()));
                    return new TypePage(
                            page.stream().map(this::view).toList(),
                            found.size() > limit ? page.getLast().id() : null);
                });
    }

    private TypeView view(CredentialType type) {
        KeyAttestation attestation = type.keyAttestation();
        return new TypeView(
                type.id(),
                type.agency(),
                type.format().text(),
                type.format() == Format.SD_JWT_VC ? settings.vct(type.name()) : null,
                type.format() == Format.MSO_MDOC ? type.name() : null,
                type.display().stream().map(TypeJson::display).toList(),
                type.claims().stream().map(TypeJson::claim).toList(),
                type.validityDays(),
                type.batchSize(),
                type.statusBits(),
                type.acr(),
                type.source().text(),
                attestation == null ? null : TypeJson.keyAttestation(attestation));
    }
}
