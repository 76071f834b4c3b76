package city.madang.identity.issuance;

import city.madang.identity.agencies.Agency;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The issuer's metadata at its well-known addresses, its keys, and its credential types. */
@Path("/")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class MetadataResource {

    private static final MediaType JWT = MediaType.valueOf(WalletEndpoint.JWT);

    private final MetadataDocuments documents;
    private final Catalogue catalogue;
    private final Certificates certificates;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    MetadataResource(
            MetadataDocuments documents,
            Catalogue catalogue,
            Certificates certificates,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.documents = documents;
        this.catalogue = catalogue;
        this.certificates = certificates;
        this.sessions = sessions;
        this.settings = settings;
    }

    @GET
    @Path(".well-known/openid-credential-issuer/identity")
    @Produces({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
    @Operation(summary = "Credential Issuer Metadata (OpenID4VCI 1.0), signed for who accepts application/jwt")
    public Uni<Response> credentialIssuer(@Context HttpHeaders headers, @Context Request request) {
        boolean wantsSigned = wantsSigned(headers.getAcceptableMediaTypes());
        return documents.current().map(document -> {
            @Nullable String signed = document.signed();
            @Nullable String signedEtag = document.signedEtag();
            return wantsSigned && signed != null && signedEtag != null
                    ? cached(request, JWT, signed, signedEtag)
                    : cached(request, MediaType.APPLICATION_JSON_TYPE, document.json(), document.etag());
        });
    }

    /** Whether JWT comes before JSON in what is accepted; the list is ordered by preference. */
    private static boolean wantsSigned(List<MediaType> acceptable) {
        for (MediaType type : acceptable) {
            if (type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
            if (type.isCompatible(JWT)) {
                return true;
            }
        }
        return false;
    }

    private Response cached(Request request, MediaType type, String body, String etag) {
        EntityTag tag = new EntityTag(etag);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(body).type(type) : unchanged)
                .tag(tag)
                .header(
                        HttpHeaders.CACHE_CONTROL,
                        "public, max-age="
                                + settings.issuance().metadataCached().toSeconds())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .build();
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
    @Operation(summary = "Type metadata of a credential (SD-JWT VC), the same as long as a credential holds its hash")
    public Uni<Response> typeMetadata(
            @PathParam("name") @Pattern(regexp = Agency.SLUG) String name, @Context Request request) {
        return catalogue.withVctName(name).map(found -> {
            @Nullable String body = found.map(Issuable::document).orElse(null);
            return body == null
                    ? OpenIdError.gone("there is no such type").toResponse()
                    : cached(request, MediaType.APPLICATION_JSON_TYPE, body, MetadataDocuments.etag(body));
        });
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
