package city.madang.identity.issuance;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jwks.Jwk;
import city.madang.identity.jwks.Jwks;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
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
                            schema = @Schema(implementation = Jwks.class),
                            examples = @ExampleObject(name = "keys", value = MetadataExamples.KEYS)))
    public Uni<Jwks> keys() {
        return sessions.withSession(certificates::credentialIssuers).map(all -> {
            Map<String, Jwk> byKey = new LinkedHashMap<>();
            for (AgencyCertificate certificate : all) {
                PublicJwk key = PublicJwk.of(certificate.key());
                byKey.putIfAbsent(key.thumbprint(), Jwk.signing(key, certificate.x5c()));
            }
            return new Jwks(List.copyOf(byKey.values()));
        });
    }
}
