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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
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
                            examples = @ExampleObject(name = "metadata", value = Examples.METADATA)))
    public Uni<Map<String, Object>> metadata() {
        return sessions.withSession(session -> types.list(session, null, MOST_SCOPES))
                .map(all -> metadata(all.stream().map(CredentialType::id).toList()));
    }

    private Map<String, Object> metadata(List<String> scopes) {
        IdentitySettings.Authorization authorization = settings.authorization();
        String issuer = settings.issuer();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("issuer", issuer);
        json.put("authorization_endpoint", issuer + "/authorize");
        json.put("pushed_authorization_request_endpoint", issuer + "/par");
        json.put("require_pushed_authorization_requests", true);
        json.put("token_endpoint", issuer + "/token");
        json.put("challenge_endpoint", issuer + "/challenge");
        json.put("jwks_uri", issuer + "/jwks");
        json.put("response_types_supported", List.of("code"));
        json.put("response_modes_supported", List.of("query"));
        json.put(
                "grant_types_supported",
                List.of(
                        CredentialOffer.AUTHORIZATION_CODE,
                        CredentialOffer.PRE_AUTHORIZED_CODE,
                        TokenResource.REFRESH_TOKEN));
        json.put("scopes_supported", scopes);
        json.put("code_challenge_methods_supported", List.of("S256"));
        json.put("authorization_response_iss_parameter_supported", true);
        json.put("authorization_details_types_supported", List.of(CredentialDetails.TYPE));
        json.put(
                "token_endpoint_auth_methods_supported",
                authorization.clientAttestation() == Need.REQUIRED
                        ? List.of(WalletAttestation.METHOD)
                        : List.of(WalletAttestation.METHOD, "none"));
        json.put("client_attestation_signing_alg_values_supported", List.of("ES256"));
        json.put("client_attestation_pop_signing_alg_values_supported", List.of("ES256"));
        json.put("dpop_signing_alg_values_supported", List.of("ES256"));
        json.put("request_parameter_supported", false);
        json.put(
                "pre-authorized_grant_anonymous_access_supported",
                authorization.preAuthorizedAttestation() == Need.OPTIONAL);
        json.put("ui_locales_supported", List.of("ko", "en"));
        return json;
    }
}
