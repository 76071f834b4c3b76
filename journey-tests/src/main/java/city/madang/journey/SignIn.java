package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Signs agencies in by client credentials, and people by authorization code with PKCE, filling in Keycloak's own page. */
public final class SignIn {

    private static final String REALM = "/auth/realms/madang/protocol/openid-connect/";

    /** Nobody listens there: the code is read from the redirect itself. */
    private static final String REDIRECT = "http://127.0.0.1:7777/callback";

    private static final Pattern FORM_ACTION = Pattern.compile("<form[^>]*\\baction=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Portal portal;
    private final SecureRandom random = new SecureRandom();

    public SignIn(Portal portal) {
        this.portal = portal;
    }

    /** An access token of the agency itself. */
    public String agency(String client) {
        return token(
                portal.browser(),
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        client,
                        "client_secret",
                        portal.city().secret().apply(client)));
    }

    /** An access token of an officer or auditor. */
    public String person(String user) {
        return person(user, "madang-console");
    }

    /** An access token of a citizen, for the suite's own API: what a wallet of hers signs in with. */
    public String citizen(String user) {
        return person(user, "madang-wallet");
    }

    private String person(String user, String client) {
        HttpClient browser = portal.browser();
        String verifier = randomText();
        String state = randomText();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", client);
        query.put("redirect_uri", REDIRECT);
        query.put("scope", "openid");
        query.put("state", state);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        HttpResponse<String> page = Portal.send(
                browser,
                HttpRequest.newBuilder(portal.city().at(REALM + "auth?" + form(query)))
                        .GET());
        HttpResponse<String> signedIn = Portal.send(
                browser,
                filledIn(page, user)
                        .orElseThrow(
                                () -> new JourneyFailed("no sign-in form for " + user + ": " + page.statusCode())));
        Matcher code = CODE.matcher(signedIn.headers().firstValue("Location").orElse(""));
        if (!code.find()) {
            throw new JourneyFailed("sign-in of " + user + " was refused: " + signedIn.statusCode());
        }
        return token(
                browser,
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "client_id",
                        client,
                        "redirect_uri",
                        REDIRECT,
                        "code",
                        URLDecoder.decode(code.group(1), StandardCharsets.UTF_8),
                        "code_verifier",
                        verifier));
    }

    /** Keycloak's form on the page with what the user enters; empty where the page has none. */
    Optional<HttpRequest.Builder> filledIn(HttpResponse<String> page, String user) {
        Matcher action = FORM_ACTION.matcher(page.body());
        if (!action.find()) {
            return Optional.empty();
        }
        return Optional.of(HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(Map.of(
                        "username", user, "password", portal.city().password().apply(user))))));
    }

    private String token(HttpClient browser, Map<String, String> parameters) {
        HttpResponse<String> answer = Portal.send(
                browser,
                HttpRequest.newBuilder(portal.city().at(REALM + "token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form(parameters))));
        try {
            JsonNode token = JSON.readTree(answer.body()).path("access_token");
            if (!token.isTextual()) {
                throw new JourneyFailed("no access token: " + answer.statusCode());
            }
            return token.textValue();
        } catch (IOException notJson) {
            throw new JourneyFailed("no access token: " + answer.statusCode());
        }
    }

    private String randomText() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
