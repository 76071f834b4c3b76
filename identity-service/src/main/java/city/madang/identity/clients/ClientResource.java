package city.madang.identity.clients;

import city.madang.identity.agencies.Actor;
import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.agencies.AgencyChanges;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** {@code /identity/agencies/{agency}/client}: with which keys an agency signs in, and whether it can yet. */
@Path("/identity/agencies/{agency}/client")
@Produces(MediaType.APPLICATION_JSON)
@Cache(noStore = true)
public class ClientResource {

    /** So long the answer waits for the provider; what is not done by then is done later. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int LONGEST_URI = 2048;

    private final AgencyClients clients;
    private final PublishedKeys published;
    private final ClientReconciler reconciler;
    private final Agencies agencies;
    private final AgencyChanges changes;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final IdentitySettings settings;

    ClientResource(
            AgencyClients clients,
            PublishedKeys published,
            ClientReconciler reconciler,
            Agencies agencies,
            AgencyChanges changes,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            IdentitySettings settings) {
        this.clients = clients;
        this.published = published;
        this.reconciler = reconciler;
        this.agencies = agencies;
        this.changes = changes;
        this.sessions = sessions;
        this.caller = caller;
        this.settings = settings;
    }

    /**
     * The agency's keys for {@code private_key_jwt}: either by value or by address.
     *
     * @param jwks JWK set of P-256 keys for ES256
     * @param jwksUri https, where such a set stands
     */
    record NewClient(
            @Nullable @Size(min = 1, max = 10) Map<String, Object> jwks,
            @Nullable @Size(min = 1, max = LONGEST_URI) String jwksUri) {}

    /**
     * A client.
     *
     * @param state {@code pending} until the provider has it, then {@code active} or {@code disabled}
     * @param audience {@code aud} of its client assertions
     * @param problem why it is not done yet, or why new keys cannot be had; absent if nothing is wrong
     */
    record ClientView(
            String clientId,
            String state,
            String tokenEndpoint,
            String audience,
            Map<String, @Nullable Object> jwks,
            @Nullable String jwksUri,
            @Nullable String problem,
            Instant setAt) {}

    @PUT
    @RolesAllowed(CurrentCaller.REGISTRAR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Let an agency sign in with keys of its own (private_key_jwt)",
            description =
                    "Makes its client at the OpenID provider, or changes its keys. Tokens carry the role agency and the "
                            + "agency's id. Keys at jwks_uri are fetched by this service, now and every few minutes.")
    @RequestBody(content = @Content(examples = @ExampleObject(name = "keys", value = ClientExamples.NEW)))
    @APIResponse(
            responseCode = "200",
            description = "It can sign in",
            content =
                    @Content(
                            schema = @Schema(implementation = ClientView.class),
                            examples = @ExampleObject(name = "active", value = ClientExamples.ACTIVE)))
    @APIResponse(
            responseCode = "202",
            description = "Noted; it can sign in as soon as the provider answers",
            content =
                    @Content(
                            schema = @Schema(implementation = ClientView.class),
                            examples = @ExampleObject(name = "pending", value = ClientExamples.PENDING)))
    public Uni<RestResponse<ClientView>> set(
            @PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency, @NotNull @Valid NewClient body) {
        Actor actor = Actor.registrar(caller);
        return keys(body)
                .chain(keys -> sessions.withTransaction(session -> agencies.acting(session, agency)
                        .chain(() -> clients.set(session, agency, keys, body.jwksUri()))
                        .chain(() -> changes.note(
                                session, agency, AgencyChanges.Change.CLIENT_SET, keys.thumbprints(), null, actor))))
                .chain(() -> reconciler
                        .reconcile(agency)
                        .ifNoItem()
                        .after(PATIENCE)
                        .recoverWithItem(false)
                        .onFailure()
                        .recoverWithItem(false))
                .chain(() -> clients.find(agency))
                .map(found -> {
                    AgencyClient client = found.orElseThrow();
                    return RestResponse.status(
                            client.state().equals("pending") ? RestResponse.Status.ACCEPTED : RestResponse.Status.OK,
                            view(client));
                });
    }

    private Uni<ClientKeys> keys(NewClient body) {
        Map<String, Object> jwks = body.jwks();
        String uri = body.jwksUri();
        if (jwks != null && uri == null) {
            try {
                return Uni.createFrom().item(ClientKeys.parse(jwks));
            } catch (Malformed malformed) {
                throw IdentityProblem.INVALID_CLIENT_KEYS.with(String.valueOf(malformed.getMessage()));
            }
        }
        if (uri != null && jwks == null) {
            return published
                    .at(uri)
                    .onFailure()
                    .transform(
                            failure -> IdentityProblem.INVALID_CLIENT_KEYS.with("jwks_uri: " + failure.getMessage()));
        }
        throw CommonProblem.INVALID_REQUEST.with("either jwks or jwks_uri is needed");
    }

    @GET
    @RolesAllowed(CurrentCaller.OFFICER)
    @Operation(
            summary = "How an agency signs in, and whether it can yet",
            description = "For a registrar, or an officer of the agency.")
    @APIResponse(
            responseCode = "200",
            description = "The client",
            content =
                    @Content(
                            schema = @Schema(implementation = ClientView.class),
                            examples = @ExampleObject(name = "active", value = ClientExamples.ACTIVE)))
    public Uni<ClientView> get(@PathParam("agency") @Pattern(regexp = Agency.SLUG) String agency) {
        Actor.registrarOrOfficerOf(caller, agency);
        return clients.find(agency)
                .map(found -> view(found.orElseThrow(
                        () -> CommonProblem.NOT_FOUND.with("the registry has made no client for this agency"))));
    }

    private ClientView view(AgencyClient client) {
        String realm = settings.origin() + "/auth/realms/madang";
        try {
            return new ClientView(
                    client.clientId(),
                    client.state(),
                    realm + "/protocol/openid-connect/token",
                    realm,
                    StrictJson.object(client.jwks()),
                    client.jwksUri(),
                    client.problem(),
                    client.setAt());
        } catch (Malformed damaged) {
            throw new IllegalStateException("the keys of " + client.clientId() + " are damaged", damaged);
        }
    }
}
