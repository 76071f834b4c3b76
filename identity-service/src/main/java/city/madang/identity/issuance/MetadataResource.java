package city.madang.identity.issuance;

import city.madang.identity.agencies.Agency;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.Format;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.hibernate.reactive.mutiny.Mutiny;

/** The issuer's metadata at its well-known addresses, its keys, and its credential types. */
@Path("/")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class MetadataResource {

    /** Far above what a city issues; beyond it the metadata would need another form. */
    private static final int MOST_TYPES = 1000;

    private final IssuerMetadata metadata;
    private final CredentialTypes types;
    private final Certificates certificates;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    MetadataResource(
            IssuerMetadata metadata,
            CredentialTypes types,
            Certificates certificates,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.metadata = metadata;
        this.types = types;
        this.certificates = certificates;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @Path(".well-known/openid-credential-issuer/identity")
    @Operation(summary = "Credential Issuer Metadata (OpenID4VCI 1.0)")
    public Uni<Map<String, Object>> credentialIssuer() {
        return sessions.withSession(session -> types.list(session, null, MOST_TYPES))
                .map(metadata::credentialIssuer);
    }

    @GET
    @Path(".well-known/jwt-vc-issuer/identity")
    @Operation(summary = "JWT VC Issuer Metadata (SD-JWT VC)")
    public Map<String, Object> jwtVcIssuer() {
        return Map.of("issuer", settings.issuer(), "jwks_uri", settings.issuer() + "/jwks");
    }

    @GET
    @Path("identity/jwks")
    @Operation(summary = "The agencies' issuer keys")
    public Uni<Map<String, Object>> keys() {
        return sessions.withSession(certificates::credentialIssuers).map(all -> {
            Map<String, Object> byKey = new LinkedHashMap<>();
            for (AgencyCertificate certificate : all) {
                PublicJwk key = PublicJwk.of(key(certificate));
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

    @GET
    @Path("identity/vct/{name}")
    @Operation(summary = "Type metadata of a credential (SD-JWT VC)")
    public Uni<Response> type(@PathParam("name") @Pattern(regexp = Agency.SLUG) String name) {
        return sessions.withSession(session -> types.withName(session, Format.SD_JWT_VC, name))
                .map(found -> found.map(type -> Response.ok(metadata.type(type)).build())
                        .orElseGet(
                                () -> OpenIdError.gone("there is no such type").toResponse()));
    }

    private static ECPublicKey key(AgencyCertificate certificate) {
        try {
            return (ECPublicKey) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.leaf()))
                    .getPublicKey();
        } catch (CertificateException damaged) {
            throw new IllegalStateException("certificate " + certificate.id() + " is damaged", damaged);
        }
    }
}
