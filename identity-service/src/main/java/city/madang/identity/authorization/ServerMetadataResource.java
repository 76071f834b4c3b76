package city.madang.identity.authorization;

import city.madang.identity.offers.CredentialOffer;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.settings.IdentitySettings.Need;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/** Authorization Server Metadata (RFC 8414) at the address that its §3.1 makes of the issuer identifier. */
@Path("/.well-known/oauth-authorization-server/identity")
@Produces(MediaType.APPLICATION_JSON)
public class ServerMetadataResource {

    /** Far above what a city issues. */
    private static final int MOST_SCOPES = 1000;

    private final CredentialTypes types;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    ServerMetadataResource(CredentialTypes types, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.types = types;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Operation(summary = "Authorization Server Metadata (RFC 8414)")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = ServerMetadata.class),
                            examples = @ExampleObject(name = "metadata", value = Examples.METADATA)))
    public Uni<ServerMetadata> metadata() {
        return sessions.withSession(session -> types.list(session, null, MOST_SCOPES))
                .map(all -> metadata(all.stream().map(CredentialType::id).toList()));
    }

    private ServerMetadata metadata(List<String> scopes) {
        IdentitySettings.Authorization authorization = settings.authorization();
        String issuer = settings.issuer();
        return new ServerMetadata(
                issuer,
                issuer + "/authorize",
                issuer + "/par",
                true,
                issuer + "/token",
                issuer + "/challenge",
                issuer + "/jwks",
                List.of("code"),
                List.of("query"),
                List.of(
                        CredentialOffer.AUTHORIZATION_CODE,
                        CredentialOffer.PRE_AUTHORIZED_CODE,
                        TokenResource.REFRESH_TOKEN),
                scopes,
                List.of("S256"),
                true,
                List.of(CredentialDetails.TYPE),
                authorization.clientAttestation() == Need.REQUIRED
                        ? List.of(WalletAttestation.METHOD)
                        : List.of(WalletAttestation.METHOD, "none"),
                List.of("ES256"),
                List.of("ES256"),
                List.of("ES256"),
                false,
                authorization.preAuthorizedAttestation() == Need.OPTIONAL,
                List.of("ko", "en"));
    }
}
