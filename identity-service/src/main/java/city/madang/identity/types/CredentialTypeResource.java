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
    @Operation(summary = "Declare a credential type of the caller's agency, or declare it anew")
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
                });
    }

    @GET
    @PermitAll
    @Operation(summary = "All credential types")
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
