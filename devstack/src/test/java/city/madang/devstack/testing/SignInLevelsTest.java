package city.madang.devstack.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.keycloak.People;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signs people in as a browser does: through the forms of the realm. */
class SignInLevelsTest {

    private static final String VERIFIER = "a-code-verifier-of-at-least-forty-three-characters";
    private static final String CALLBACK = TestServers.ORIGIN + "/identity/authorize/callback";
    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    @BeforeAll
    static void start_servers() {
        var resource = new DevstackResource();
        resource.init(Map.of("parts", "keycloak", "service", "identity"));
        resource.start();
    }

    @Test
    void a_password_gives_level_1_and_the_proven_attributes() throws Exception {
        var claims = new Browser("minji", "").signIn();

        assertEquals("1", claims.path("acr").asText());
        assertEquals("김", claims.path("family_name").asText());
        assertEquals("민지", claims.path("given_name").asText());
        assertEquals("1990-03-14", claims.path("birthdate").asText());
    }

    @Test
    void a_one_time_code_on_top_gives_level_2() throws Exception {
        var browser = new Browser("minji", "2");

        assertEquals("2", browser.signIn().path("acr").asText());
        assertTrue(browser.wasAskedForCode);
    }

    @Test
    void whoever_has_no_second_factor_stays_at_level_1_and_is_not_offered_to_add_one() throws Exception {
        var browser = new Browser("junho", "2");

        assertEquals("1", browser.signIn().path("acr").asText());
        assertFalse(browser.wasAskedForCode);
    }

    /** One person's browser: it keeps cookies and fills in forms. */
    private static final class Browser {
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final Map<String, String> cookies = new HashMap<>();
        private final String user;
        private final String acr;
        private boolean wasAskedForCode;

        Browser(String user, String acr) {
            this.user = user;
            this.acr = acr;
        }

        JsonNode signIn() throws Exception {
            var challenge = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes()));
            var query = form(Map.of(
                            "response_type",
                            "code",
                            "client_id",
                            People.SIGN_IN_CLIENT,
                            "redirect_uri",
                            CALLBACK,
                            "scope",
                            "openid",
                            "code_challenge",
                            challenge,
                            "code_challenge_method",
                            "S256"))
                    + (acr.isEmpty() ? "" : "&acr_values=" + acr);
            var answer = send(HttpRequest.newBuilder(
                    URI.create(TestServers.realmUrl() + "/protocol/openid-connect/auth?" + query)));
            for (int pages = 0; pages < 5 && answer.statusCode() == 200; pages++) {
                var page = answer.body();
                var asksForCode = page.contains("name=\"otp\"");
                wasAskedForCode |= asksForCode;
                answer = post(
                        action(page),
                        asksForCode
                                ? Map.of("otp", TestTokens.totp(user))
                                : Map.of("username", user, "password", TestTokens.password(user)));
            }
            assertEquals(302, answer.statusCode(), answer.body());
            var location = answer.headers().firstValue("location").orElseThrow();
            assertTrue(location.startsWith(CALLBACK + "?"), location);
            return TestTokens.claims(idToken(parameter(location, "code")));
        }

        private String idToken(String code) throws Exception {
            var body = form(Map.of(
                    "grant_type",
                    "authorization_code",
                    "code",
                    code,
                    "redirect_uri",
                    CALLBACK,
                    "code_verifier",
                    VERIFIER,
                    "client_id",
                    People.SIGN_IN_CLIENT,
                    "client_secret",
                    TestServers.credentials().client(People.SIGN_IN_CLIENT)));
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(TestServers.realmUrl() + "/protocol/openid-connect/token"))
                            .header("content-type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("id_token").asText();
        }

        private HttpResponse<String> post(String address, Map<String, String> fields) throws Exception {
            return send(HttpRequest.newBuilder(URI.create(address))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form(fields))));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            if (!cookies.isEmpty()) {
                request.header(
                        "cookie",
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
            }
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (var cookie : answer.headers().allValues("set-cookie")) {
                var pair = cookie.split(";", 2)[0].split("=", 2);
                cookies.put(pair[0], pair[1]);
            }
            return answer;
        }

        /** The form's address at the internal port: nothing listens at the origin. */
        private static String action(String page) {
            var matcher = ACTION.matcher(page);
            assertTrue(matcher.find(), page);
            var internal = TestServers.realmUrl();
            return matcher.group(1)
                    .replace("&amp;", "&")
                    .replace(TestServers.ORIGIN, internal.substring(0, internal.indexOf("/auth/")));
        }

        private static String parameter(String location, String name) {
            var matcher = Pattern.compile("[?&]" + name + "=([^&]+)").matcher(location);
            assertTrue(matcher.find(), location);
            return URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8);
        }

        private static String form(Map<String, String> fields) {
            return fields.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }
    }
}
