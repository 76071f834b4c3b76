package city.madang.identity.offers;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialTypes;
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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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

/** {@code /identity/credential-offers}: an agency makes an offer, its holder alone sees it. */
@Path("/identity/credential-offers")
@Produces(MediaType.APPLICATION_JSON)
public class CredentialOfferResource {

    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Offers offers;
    private final CredentialTypes types;
    private final Agencies agencies;
    private final Mutiny.SessionFactory sessions;
    private final CurrentCaller caller;
    private final IdentitySettings settings;

    CredentialOfferResource(
            Offers offers,
            CredentialTypes types,
            Agencies agencies,
            Mutiny.SessionFactory sessions,
            CurrentCaller caller,
            IdentitySettings settings) {
        this.offers = offers;
        this.types = types;
        this.agencies = agencies;
        this.sessions = sessions;
        this.caller = caller;
        this.settings = settings;
    }

    private static final String GRANT_PATTERN =
            "authorization_code|urn:ietf:params:oauth:grant-type:pre-authorized_code";

    /**
     * An offer to be made.
     *
     * @param holder the citizen's {@code sub}
     * @param grants how a wallet may redeem it: with the pre-authorized code (if absent, that alone), by signing in
     *     ({@code authorization_code}), or either
     */
    record NewOffer(
            @NotNull @Pattern(regexp = Agency.SLUG) String credentialConfigurationId,
            @NotNull @Pattern(regexp = UUID_PATTERN) String holder,
            @NotNull @Size(min = 1, max = 50) Map<String, Object> claims,
            @Nullable @Size(min = 1, max = 2) Set<@NotNull @Pattern(regexp = GRANT_PATTERN) String> grants) {

        List<String> chosenGrants() {
            return grants == null ? List.of(CredentialOffer.PRE_AUTHORIZED_CODE) : List.copyOf(grants);
        }
    }

    record Created(UUID id) {}

    /**
     * An offer as its holder sees it.
     *
     * @param credentialOfferUri where a wallet fetches the offer
     * @param credentialOffer the link that opens a wallet with this offer, by reference (short enough for a QR code)
     * @param credentialOfferByValue the same link with the offer inside, for a wallet that cannot fetch it; absent once redeemed
     * @param txCode what the wallet must be told besides; absent once redeemed, or if only a
     *     sign-in redeems it
     */
    record OfferView(
            UUID id,
            String state,
            String credentialConfigurationId,
            String credentialOfferUri,
            String credentialOffer,
            @Nullable String credentialOfferByValue,
            @Nullable String txCode,
            Instant expiresAt) {}

    record OfferPage(List<OfferView> items, @Nullable UUID next) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Offer a credential of one of the caller's types to a citizen",
            description =
                    "With an Idempotency-Key, the same request may be sent again when its answer was lost: it is one offer.")
    @APIResponse(
            responseCode = "200",
            description = "Made before, for the same request; with the header Idempotency-Replayed: true",
            content =
                    @Content(
                            schema = @Schema(implementation = Created.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "created", value = OfferExamples.CREATED)))
    @APIResponse(
            responseCode = "201",
            description = "Made",
            content =
                    @Content(
                            schema = @Schema(implementation = Created.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "created", value = OfferExamples.CREATED)))
    public Uni<RestResponse<Created>> create(
            @HeaderParam("Idempotency-Key") @Pattern(regexp = "[!-~]{1,200}") @Nullable String key,
            @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            examples = @ExampleObject(name = "residency", value = OfferExamples.NEW)))
                    @NotNull
                    @Valid
                    NewOffer body) {
        String agency = caller.agency().agency();
        String request = String.join(
                "\n",
                agency,
                key == null ? UUID.randomUUID().toString() : key,
                body.credentialConfigurationId(),
                body.holder(),
                StrictJson.write(body.claims()),
                body.chosenGrants().stream().sorted().collect(Collectors.joining(" ")));
        return sessions.withTransaction(session -> agencies.registered(session, agency)
                        .chain(() -> types.findToOffer(session, body.credentialConfigurationId()))
                        .map(found -> found.filter(type -> type.agency().equals(agency))
                                .orElseThrow(() -> IdentityProblem.UNKNOWN_CREDENTIAL_TYPE.with(
                                        "the caller's agency owns no type of this id")))
                        .chain(type -> offers.createOnce(
                                session, request, type, body.holder(), body.claims(), body.chosenGrants())))
                .map(CredentialOfferResource::made);
    }

    private static RestResponse<Created> made(Offers.Made made) {
        var answer = made.isNew()
                ? RestResponse.ResponseBuilder.<Created>created(URI.create("/identity/credential-offers/" + made.id()))
                : RestResponse.ResponseBuilder.<Created>create(RestResponse.Status.OK)
                        .header("Idempotency-Replayed", true);
        return answer.entity(new Created(made.id())).build();
    }

    @GET
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Cache(noStore = true)
    @Operation(summary = "The caller's credential offers")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = OfferPage.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "offers", value = OfferExamples.PAGE)))
    public Uni<OfferPage> list(
            @QueryParam("limit") @DefaultValue("50") @Min(1) @Max(200) int limit,
            @QueryParam("after") @Nullable UUID after) {
        String holder = caller.citizen().subject();
        return sessions.withSession(session -> offers.list(session, holder, after, limit + 1))
                .map(found -> {
                    List<Offers.Shown> page = found.subList(0, Math.min(limit, found.size()));
                    return new OfferPage(
                            page.stream().map(this::view).toList(),
                            found.size() > limit ? page.getLast().id() : null);
                });
    }

    @GET
    @Path("{id}")
    @RolesAllowed(CurrentCaller.CITIZEN)
    @Cache(noStore = true)
    @Operation(summary = "One of the caller's credential offers, with its transaction code")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = OfferView.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "offer", value = OfferExamples.OFFER)))
    public Uni<OfferView> get(@PathParam("id") UUID id) {
        String holder = caller.citizen().subject();
        return sessions.withSession(session -> offers.find(session, id, holder))
                .map(found -> view(found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such offer"))));
    }

    private OfferView view(Offers.Shown offer) {
        String uri = settings.issuer() + "/offer/" + offer.id();
        Offers.Redeemable redeemable = offer.redeemable();
        return new OfferView(
                offer.id(),
                offer.state().text(),
                offer.credentialType(),
                uri,
                link("credential_offer_uri", uri),
                redeemable == null
                        ? null
                        : link(
                                "credential_offer",
                                CredentialOffer.of(settings.issuer(), redeemable)
                                        .encode()),
                offer.txCode(),
                offer.expiresAt());
    }

    /** OpenID4VCI 1.0 §4.1.2 and §4.1.3. */
    private static String link(String parameter, String value) {
        return "openid-credential-offer://?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
