package city.madang.identity.types;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.language.LocalText;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
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
import java.util.List;
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
    private final IdentitySettings settings;

    CredentialTypeResource(
            CredentialTypes types,
            Agencies agencies,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            IdentitySettings settings) {
        this.types = types;
        this.agencies = agencies;
        this.sessions = sessions;
        this.caller = caller;
        this.settings = settings;
    }

    record ClaimBody(@NotNull @Pattern(regexp = ClaimName.PATTERN) String name, @NotNull @Valid LocalText label) {}

    record Declaration(
            @NotNull @Pattern(regexp = Agency.SLUG) String vctName,
            @NotNull @Valid LocalText display,
            @NotNull @Size(min = 1, max = CredentialType.MOST_CLAIMS) List<@NotNull @Valid ClaimBody> claims,
            @NotNull @Min(1) @Max(CredentialType.LONGEST_VALIDITY_DAYS) Integer validityDays) {}

    record TypeView(
            String id, String agency, String vct, LocalText display, List<ClaimBody> claims, int validityDays) {}

    record TypePage(List<TypeView> items, @Nullable String next) {}

    @PUT
    @Path("{id}")
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Declare a credential type of the caller's agency, or declare it anew")
    public Uni<TypeView> declare(
            @PathParam("id") @Pattern(regexp = Agency.SLUG) String id, @NotNull @Valid Declaration declaration) {
        String agency = caller.agency().agency();
        List<String> names = declaration.claims().stream().map(ClaimBody::name).toList();
        if (names.stream().distinct().count() != names.size() || !names.stream().allMatch(ClaimName::isAllowed)) {
            throw CommonProblem.INVALID_REQUEST.with("a claim is declared twice or has a name of the standard's own");
        }
        CredentialType type = new CredentialType(
                id,
                agency,
                declaration.vctName(),
                declaration.display(),
                declaration.claims().stream()
                        .map(claim -> new CredentialType.Claim(claim.name(), claim.label()))
                        .toList(),
                declaration.validityDays());
        return sessions.withTransaction(
                        session -> agencies.registered(session, agency).chain(() -> types.declare(session, type)))
                .map(declared -> switch (declared) {
                    case CredentialTypes.Declared.Done done -> view(done.type());
                    case CredentialTypes.Declared.Taken taken ->
                        throw IdentityProblem.CREDENTIAL_TYPE_TAKEN.with("choose another id or vct_name");
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
        return new TypeView(
                type.id(),
                type.agency(),
                settings.vct(type.vctName()),
                type.display(),
                type.claims().stream()
                        .map(claim -> new ClaimBody(claim.name(), claim.label()))
                        .toList(),
                type.validityDays());
    }
}
