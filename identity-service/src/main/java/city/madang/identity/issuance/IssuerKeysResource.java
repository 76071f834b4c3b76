package city.madang.identity.issuance;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.PublicJwk;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * {@code /identity/jwks}: the keys that sign credentials (SD-JWT VC's {@code jwks_uri}). A class of its own: beside one at
 * {@code /identity}, the methods of one at {@code /} are not found (Jakarta RESTful Web Services §3.7.2).
 */
@Path("/identity/jwks")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class IssuerKeysResource {

    private final Certificates certificates;
    private final Mutiny.SessionFactory sessions;

    IssuerKeysResource(Certificates certificates, Mutiny.SessionFactory sessions) {
        this.certificates = certificates;
        this.sessions = sessions;
    }

    @GET
    @Operation(summary = "The agencies' issuer keys")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "keys", value = MetadataExamples.KEYS)))
    public Uni<Map<String, Object>> keys() {
        return sessions.withSession(certificates::credentialIssuers).map(all -> {
            Map<String, Object> byKey = new LinkedHashMap<>();
            for (AgencyCertificate certificate : all) {
                PublicJwk key = PublicJwk.of(certificate.key());
                Map<String, Object> jwk = key.toJson();
                jwk.put("kid", key.thumbprint());
                jwk.put("use", "sig");
                jwk.put("alg", "ES256");
                jwk.put("x5c", certificate.x5c());
                byKey.putIfAbsent(key.thumbprint(), jwk);
            }
            return Map.of("keys", new ArrayList<>(byKey.values()));
        });
    }
}
