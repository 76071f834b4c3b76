package city.madang.identity.authorization;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The token response (RFC 6749 §5.1, RFC 9449 §5, OpenID4VCI 1.0 §6.2).
 *
 * @param tokenType {@code DPoP} if the token is bound to a key, else {@code Bearer}
 * @param expiresIn seconds
 * @param refreshToken absent where none is given
 * @param scope absent where nothing was asked for by scope
 * @param authorizationDetails absent where nothing was asked for by them
 */
@RegisterForReflection // in an answer that does not name it
@Schema(
        name = "TokenResponse",
        description = "The token response (RFC 6749 §5.1): unrecognized members are ignored",
        additionalProperties = Schema.True.class)
record TokenAnswer(
        @NotNull String accessToken,
        @NotNull @Schema(enumeration = {"DPoP", "Bearer"}) String tokenType,
        @Schema(required = true, minimum = "1") long expiresIn,
        @Nullable String refreshToken,
        @Nullable String scope,
        @Nullable @Schema(minItems = 1) List<Details> authorizationDetails) {

    /** {@code authorization_details} as the token response names them (RFC 9396 §7, OpenID4VCI 1.0 §6.2). */
    @RegisterForReflection
    @Schema(name = "GrantedCredential", additionalProperties = Schema.True.class)
    record Details(
            @NotNull @Schema(enumeration = CredentialDetails.TYPE) String type,
            @NotNull String credentialConfigurationId,
            @NotNull @Schema(minItems = 1) List<String> credentialIdentifiers) {

        private static Details of(AccessGrant.Granted granted) {
            return new Details(CredentialDetails.TYPE, granted.configuration(), granted.identifiers());
        }
    }

    /** Holds no token: an answer may end up in a log line. */
    @Override
    public String toString() {
        return "TokenAnswer";
    }

    static Response response(Tokens.Issued issued) {
        return Response.ok(of(issued))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static TokenAnswer of(Tokens.Issued issued) {
        List<AccessGrant.Granted> credentials = AccessGrant.read(issued.grant().credentials);
        String scope = issued.grant().codeSha256 == null
                ? ""
                : credentials.stream()
                        .filter(granted -> granted.identifiers().isEmpty())
                        .map(AccessGrant.Granted::configuration)
                        .collect(Collectors.joining(" "));
        List<Details> details = credentials.stream()
                .filter(granted -> !granted.identifiers().isEmpty())
                .map(Details::of)
                .toList();
        return new TokenAnswer(
                issued.accessToken(),
                issued.grant().dpopJkt == null ? "Bearer" : "DPoP",
                issued.expiresInSeconds(),
                issued.refreshToken(),
                scope.isEmpty() ? null : scope,
                details.isEmpty() ? null : details);
    }
}
