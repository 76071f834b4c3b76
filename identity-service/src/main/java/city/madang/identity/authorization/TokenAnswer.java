package city.madang.identity.authorization;

import city.madang.identity.problem.OpenIdError;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a token request is answered (RFC 6749 §5, OpenID4VCI 1.0 §6.2 and §6.3). */
sealed interface TokenAnswer {

    record Good(Tokens.Issued issued) implements TokenAnswer {}

    record Refused(OpenIdError error) implements TokenAnswer {}

    static TokenAnswer refused(String code, String description) {
        return new Refused(OpenIdError.badRequest(code, description));
    }

    static Response response(TokenAnswer answer) {
        return switch (answer) {
            case Refused refused -> refused.error().toResponse();
            case Good good ->
                Response.ok(json(good.issued()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build();
        };
    }

    private static Map<String, Object> json(Tokens.Issued issued) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("access_token", issued.accessToken());
        json.put("token_type", issued.grant().dpopJkt == null ? "Bearer" : "DPoP");
        json.put("expires_in", issued.expiresInSeconds());
        if (issued.refreshToken() != null) {
            json.put("refresh_token", issued.refreshToken());
        }
        List<Map<String, Object>> details = AccessGrant.read(issued.grant().credentials).stream()
                .filter(granted -> !granted.identifiers().isEmpty())
                .map(CredentialDetails::json)
                .toList();
        if (!details.isEmpty()) {
            json.put("authorization_details", details);
        }
        return json;
    }
}
