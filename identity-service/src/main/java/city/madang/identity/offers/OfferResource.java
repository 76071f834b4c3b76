package city.madang.identity.offers;

import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/** {@code /identity/offer/{id}}: the credential offer itself (OpenID4VCI 1.0 §4.1.1), by reference. */
@Path("/identity/offer/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class OfferResource {

    private final Offers offers;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    OfferResource(Offers offers, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.offers = offers;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Operation(summary = "A credential offer, for the wallet that was given its address")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = OfferDocument.class),
                            examples = @ExampleObject(name = "offer", value = OfferExamples.BY_REFERENCE)))
    public Uni<Response> get(@PathParam("id") UUID id) {
        return sessions.withSession(session -> offers.redeemable(session, id)).map(found -> found.map(this::offer)
                .orElseGet(() ->
                        OpenIdError.gone("there is no such offer, or no longer").toResponse()));
    }

    private Response offer(Offers.Redeemable offer) {
        return Response.ok(CredentialOffer.of(settings.issuer(), offer).encode())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
