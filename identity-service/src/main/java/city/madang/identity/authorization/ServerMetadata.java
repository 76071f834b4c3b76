package city.madang.identity.authorization;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Authorization Server Metadata (RFC 8414 §2) with what RFC 9126 §5, RFC 9207 §3, RFC 9396 §10, RFC 9449 §5.1, OpenID4VCI 1.0 §12.3 and
 * draft-ietf-oauth-attestation-based-client-auth-07 §10 and §8 add to it.
 *
 * @param scopesSupported one for each credential type
 */
@Schema(
        name = "AuthorizationServerMetadata",
        description = "Authorization Server Metadata (RFC 8414 §2), which leaves room for other parameters",
        additionalProperties = Schema.True.class)
record ServerMetadata(
        @NotNull @Schema(format = "uri") String issuer,
        @NotNull @Schema(format = "uri") String authorizationEndpoint,
        @NotNull @Schema(format = "uri") String pushedAuthorizationRequestEndpoint,
        @Schema(required = true) boolean requirePushedAuthorizationRequests,
        @NotNull @Schema(format = "uri") String tokenEndpoint,
        @NotNull @Schema(format = "uri") String challengeEndpoint,
        @NotNull @Schema(format = "uri") String jwksUri,
        @NotNull List<String> responseTypesSupported,
        @NotNull List<String> responseModesSupported,
        @NotNull List<String> grantTypesSupported,
        @NotNull List<String> scopesSupported,
        @NotNull List<String> codeChallengeMethodsSupported,
        @Schema(required = true) boolean authorizationResponseIssParameterSupported,
        @NotNull List<String> authorizationDetailsTypesSupported,
        @NotNull List<String> tokenEndpointAuthMethodsSupported,
        @NotNull List<String> clientAttestationSigningAlgValuesSupported,
        @NotNull List<String> clientAttestationPopSigningAlgValuesSupported,
        @NotNull List<String> dpopSigningAlgValuesSupported,
        @Schema(required = true) boolean requestParameterSupported,
        @JsonProperty("pre-authorized_grant_anonymous_access_supported") @Schema(required = true)
                boolean preAuthorizedGrantAnonymousAccessSupported,
        @NotNull List<String> uiLocalesSupported) {}
