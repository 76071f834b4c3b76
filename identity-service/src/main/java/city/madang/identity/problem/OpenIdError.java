package city.madang.identity.problem;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error of an OpenID endpoint in its standard's own form (RFC 6749 §5.2, OpenID4VCI 1.0 §8.3.1.2, OpenID4VP 1.0 §8.5).
 *
 * @param code e.g. {@code invalid_grant}
 * @param description for developers; holds no data of a person and none of a secret
 * @param challenge {@code WWW-Authenticate} where the standard wants one
 */
public record OpenIdError(int status, String code, String description, @Nullable String challenge) {

    public static OpenIdError badRequest(String code, String description) {
        return new OpenIdError(400, code, description, null);
    }

    /** There is no such object, or no longer. */
    public static OpenIdError gone(String description) {
        return new OpenIdError(404, "invalid_request", description, null);
    }

    /** RFC 6750 §3: the bearer token is absent, unknown or expired. */
    public static OpenIdError invalidToken(String description) {
        return new OpenIdError(401, "invalid_token", description, "Bearer error=\"invalid_token\"");
    }

    public Response toResponse() {
        Response.ResponseBuilder response = Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(Map.of("error", code, "error_description", description));
        if (challenge != null) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, challenge);
        }
        return response.build();
    }
}
