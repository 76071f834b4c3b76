package city.madang.identity.authorization;

import city.madang.identity.offers.CredentialOffer;
import city.madang.identity.settings.IdentitySettings;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Authorization Server Metadata (RFC 8414) at the address that its §3.1 makes of the issuer identifier. */
@Path("/.well-known/oauth-authorization-server/identity")
@Produces(MediaType.APPLICATION_JSON)
public class ServerMetadataResource {

    private final IdentitySettings settings;

    ServerMetadataResource(IdentitySettings settings) {
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Operation(summary = "Authorization Server Metadata (RFC 8414)")
    public Map<String, Object> metadata() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("issuer", settings.issuer());
        json.put("token_endpoint", settings.issuer() + "/token");
        json.put("jwks_uri", settings.issuer() + "/jwks");
        json.put("grant_types_supported", List.of(CredentialOffer.PRE_AUTHORIZED_CODE));
        json.put("response_types_supported", List.of("none"));
        json.put("token_endpoint_auth_methods_supported", List.of("none"));
        json.put("authorization_details_types_supported", List.of(CredentialDetails.TYPE));
        json.put("pre-authorized_grant_anonymous_access_supported", true);
        return json;
    }
}
