package city.madang.identity.authorization;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The token response (RFC 6749 §5.1, RFC 9449 §5, OpenID4VCI 1.0 §6.2). */
final class TokenAnswer {

    private TokenAnswer() {}

    static Response response(Tokens.Issued issued) {
        return Response.ok(json(issued))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static Map<String, Object> json(Tokens.Issued issued) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("access_token", issued.accessToken());
        json.put("token_type", issued.grant().dpopJkt == null ? "Bearer" : "DPoP");
        json.put("expires_in", issued.expiresInSeconds());
        if (issued.refreshToken() != null) {
            json.put("refresh_token", issued.refreshToken());
        }
        List<AccessGrant.Granted> credentials = AccessGrant.read(issued.grant().credentials);
        if (issued.grant().codeSha256 != null) {
            String scope = credentials.stream()
                    .filter(granted -> granted.identifiers().isEmpty())
                    .map(AccessGrant.Granted::configuration)
                    .collect(Collectors.joining(" "));
            if (!scope.isEmpty()) {
                json.put("scope", scope);
            }
        }
        List<Map<String, Object>> details = credentials.stream()
                .filter(granted -> !granted.identifiers().isEmpty())
                .map(CredentialDetails::json)
                .toList();
        if (!details.isEmpty()) {
            json.put("authorization_details", details);
        }
        return json;
    }
}
