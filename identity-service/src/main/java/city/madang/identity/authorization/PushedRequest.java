package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet pushes (RFC 9126 §2.1, RFC 7636 §4.3, OpenID4VCI 1.0 clause 5), in the form that the standards ask for.
 *
 * @param scopes known or not
 * @param details credential configurations in {@code authorization_details}
 * @param dpopJkt RFC 9449 §10
 */
record PushedRequest(
        String redirectUri,
        @Nullable String state,
        String codeChallenge,
        Set<String> scopes,
        Set<String> details,
        @Nullable String issuerState,
        @Nullable String dpopJkt) {

    private static final int LONGEST_URI = 2000;
    private static final int LONGEST_STATE = 1000;

    /** SHA-256 in base64url. */
    private static final Pattern HASH = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** RFC 6749 §3.3. */
    private static final Pattern SCOPES = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E ]{1,1000}");

    /** What a browser would run or read from, instead of calling a wallet. */
    private static final Set<String> FORBIDDEN_SCHEMES = Set.of(
            "javascript", "data", "vbscript", "file", "blob", "filesystem", "about", "view-source", "ftp", "ws", "wss");

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    /** @param issuer this authorization server, which is the Credential Issuer too */
    static PushedRequest read(Map<String, String> form, String issuer) {
        if (form.containsKey("request_uri")) {
            throw Refusal.of("invalid_request", "request_uri must not be pushed");
        }
        if (form.containsKey("request")) {
            throw Refusal.of("request_not_supported", "request objects are not taken");
        }
        if (!"code".equals(form.get("response_type"))) {
            throw form.containsKey("response_type")
                    ? Refusal.of("unsupported_response_type", "response_type must be code")
                    : Refusal.of("invalid_request", "response_type is missing");
        }
        String mode = form.get("response_mode");
        if (mode != null && !mode.equals("query")) {
            throw Refusal.of("invalid_request", "response_mode must be query");
        }
        String resource = form.get("resource");
        if (resource != null && !resource.equals(issuer)) {
            throw Refusal.of("invalid_target", "resource must be this Credential Issuer");
        }
        String state = form.get("state");
        if (state != null && state.length() > LONGEST_STATE) {
            throw Refusal.of("invalid_request", "state is too long");
        }
        return new PushedRequest(
                redirectUri(form.get("redirect_uri")),
                state,
                codeChallenge(form),
                scopes(form.get("scope")),
                details(form.get("authorization_details"), issuer),
                form.get("issuer_state"),
                dpopJkt(form.get("dpop_jkt")));
    }

    private static String codeChallenge(Map<String, String> form) {
        String challenge = form.get("code_challenge");
        if (challenge == null || !HASH.matcher(challenge).matches()) {
            throw Refusal.of("invalid_request", "code_challenge is missing or no SHA-256");
        }
        if (!"S256".equals(form.get("code_challenge_method"))) {
            throw Refusal.of("invalid_request", "code_challenge_method must be S256");
        }
        return challenge;
    }

    private static @Nullable String dpopJkt(@Nullable String thumbprint) {
        if (thumbprint != null && !HASH.matcher(thumbprint).matches()) {
            throw Refusal.of("invalid_request", "dpop_jkt is no SHA-256");
        }
        return thumbprint;
    }

    private static Set<String> scopes(@Nullable String scope) {
        if (scope == null) {
            return Set.of();
        }
        if (!SCOPES.matcher(scope).matches()) {
            throw Refusal.of("invalid_scope", "scope is malformed");
        }
        Set<String> scopes = new LinkedHashSet<>(Arrays.asList(scope.split(" +")));
        scopes.remove("");
        return scopes;
    }

    private static Set<String> details(@Nullable String parameter, String issuer) {
        try {
            return CredentialDetails.configurations(parameter, issuer);
        } catch (Malformed malformed) {
            throw Refusal.of(CredentialDetails.INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    /** An absolute address with https, a scheme of the wallet's own, or http to the same device (RFC 8252 §7). */
    private static String redirectUri(@Nullable String text) {
        if (text == null || text.length() > LONGEST_URI) {
            throw Refusal.of("invalid_request", "redirect_uri is missing or too long");
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            if (scheme == null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
                throw Refusal.of("invalid_request", "redirect_uri must be absolute, without fragment and user");
            }
            scheme = scheme.toLowerCase(Locale.ROOT);
            boolean good =
                    switch (scheme) {
                        case "https" -> uri.getHost() != null;
                        case "http" -> uri.getHost() != null && LOOPBACK.contains(uri.getHost());
                        default -> !FORBIDDEN_SCHEMES.contains(scheme);
                    };
            if (!good) {
                throw Refusal.of("invalid_request", "redirect_uri must be https, the wallet's own, or of this device");
            }
            return text;
        } catch (URISyntaxException broken) {
            throw Refusal.of("invalid_request", "redirect_uri is malformed");
        }
    }

    /** In the order in which they were named. */
    List<String> configurations() {
        Set<String> all = new LinkedHashSet<>(scopes);
        all.addAll(details);
        return List.copyOf(all);
    }
}
