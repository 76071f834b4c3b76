package city.madang.identity.issuance;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The issuer's metadata at its well-known addresses. */
@Path("/")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class MetadataResource {

    private static final String SIGNED =
            "A compact JWS (OpenID4VCI 1.0 §12.2.3): its payload is CredentialIssuerMetadata with iss, sub, iat and exp";

    private static final MediaType JWT = MediaType.valueOf(WalletEndpoint.JWT);

    private final MetadataDocuments documents;
    private final Cacheable caching;
    private final IdentitySettings settings;

    MetadataResource(MetadataDocuments documents, Cacheable caching, IdentitySettings settings) {
        this.documents = documents;
        this.caching = caching;
        this.settings = settings;
    }

    @GET
    @Path(".well-known/openid-credential-issuer/identity")
    @Produces({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
    @Operation(summary = "Credential Issuer Metadata (OpenID4VCI 1.0), signed for who accepts application/jwt")
    @APIResponse(
            responseCode = "200",
            description = "As JSON, or as JWS of the type openidvci-issuer-metadata+jwt",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = IssuerDocument.class),
                        examples = @ExampleObject(name = "plain", value = MetadataExamples.ISSUER)),
                @Content(
                        mediaType = WalletEndpoint.JWT,
                        schema = @Schema(implementation = String.class, description = SIGNED),
                        examples = @ExampleObject(name = "signed", value = MetadataExamples.SIGNED_ISSUER))
            })
    @APIResponse(responseCode = "304", description = "Unchanged since the version that If-None-Match names")
    public Uni<Response> credentialIssuer(@Context HttpHeaders headers, @Context Request request) {
        boolean wantsSigned = wantsSigned(headers.getAcceptableMediaTypes());
        return documents.current().map(document -> {
            @Nullable String signed = document.signed();
            @Nullable String signedEtag = document.signedEtag();
            return wantsSigned && signed != null && signedEtag != null
                    ? caching.answer(request, JWT, signed, signedEtag)
                    : caching.answer(request, MediaType.APPLICATION_JSON_TYPE, document.json(), document.etag());
        });
    }

    /** Where drafts of OpenID4VCI before 1.0 had it, below the issuer's path: there are wallets that look there. */
    @GET
    @Path("identity/.well-known/openid-credential-issuer")
    @Produces({MediaType.APPLICATION_JSON, WalletEndpoint.JWT})
    @Operation(hidden = true)
    public Uni<Response> credentialIssuerOfDrafts(@Context HttpHeaders headers, @Context Request request) {
        return credentialIssuer(headers, request);
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

    /** JWT VC Issuer Metadata (draft-ietf-oauth-sd-jwt-vc §5). */
    @Schema(name = "JwtVcIssuerMetadata", additionalProperties = Schema.True.class)
    record JwtVcIssuer(
            @NotNull @Schema(format = "uri") String issuer, @NotNull @Schema(format = "uri") String jwksUri) {}

    @GET
    @Path(".well-known/jwt-vc-issuer/identity")
    @Operation(summary = "JWT VC Issuer Metadata (SD-JWT VC)")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = JwtVcIssuer.class),
                            examples = @ExampleObject(name = "answer", value = MetadataExamples.JWT_VC_ISSUER)))
    public JwtVcIssuer jwtVcIssuer() {
        return new JwtVcIssuer(settings.issuer(), settings.issuer() + "/jwks");
    }
}
