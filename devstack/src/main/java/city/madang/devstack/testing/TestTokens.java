package city.madang.devstack.testing;

import city.madang.devstack.keycloak.OneTimeCode;
import city.madang.devstack.keycloak.People;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Access tokens from the Keycloak of this test JVM (part {@code keycloak} of {@link DevstackResource}), for the names of
 * {@code docs/interfaces.md}, "Callers". Tokens are reused until a minute before they expire.
 */
public final class TestTokens {

    private static final Duration SPARE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> CACHE = new ConcurrentHashMap<>();

    private TestTokens() {}

    /** Token of a person: {@code minji}, {@code junho}, {@code officer.cityhall}, {@code treasurer.a}, {@code auditor}, … */
    public static String user(String name) {
        return fresh("user " + name, () -> password(People.TEST_CLIENT, name));
    }

    /** Token of an agency by client credentials: {@code city-hall}, {@code transport}, {@code treasury}. */
    public static String client(String name) {
        return fresh(
                "client " + name,
                () -> request(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        name,
                        "client_secret",
                        TestServers.credentials().client(name))));
    }

    /** A genuine token of the person that has expired; the first call waits about two seconds for that. */
    public static String expired(String user) {
        return CACHE.computeIfAbsent("expired " + user, ignored -> {
            var token = password(People.TEST_CLIENT_BRIEF, user);
            var expiry =
                    Instant.ofEpochSecond(claims(token).path("exp").asLong()).plusMillis(1100);
            sleep(Duration.between(Instant.now(), expiry).plusMillis(1));
            return token;
        });
    }

    /** A genuine token of the person whose {@code aud} is not {@code madang-api}. */
    public static String wrongAudience(String user) {
        return fresh("other " + user, () -> password(People.TEST_CLIENT_OTHER_AUDIENCE, user));
    }

    /** A genuine ID token of the person, which says who she is and opens nothing. */
    static String identity(String user) {
        return fresh("id " + user, () -> answered(openid(user), "id_token"));
    }

    /** A genuine refresh token of the person, which is for the realm alone. */
    static String refresh(String user) {
        return answered(openid(user), "refresh_token");
    }

    /** The password with which a person signs in, in the browser's forms. */
    public static String password(String user) {
        return TestServers.credentials().user(user);
    }

    /** The one-time code of this moment of a person who has a second factor ({@code minji}); test realms take it repeatedly. */
    public static String totp(String user) {
        return OneTimeCode.at(TestServers.credentials().oneTimeCode(user), Instant.now());
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The {@code sub} of a person, by which services refer to her. */
    public static String subject(String user) {
        return claims(user(user)).path("sub").asText();
    }

    /** The claims inside a token, unverified. */
    public static JsonNode claims(String token) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fresh(String key, java.util.function.Supplier<String> source) {
        return CACHE.compute(key, (ignored, known) -> {
            if (known != null) {
                var expiry = Instant.ofEpochSecond(claims(known).path("exp").asLong());
                if (Instant.now().plus(SPARE).isBefore(expiry)) {
                    return known;
                }
            }
            return source.get();
        });
    }

    private static String password(String client, String user) {
        return request(passwordForm(client, user));
    }

    private static Map<String, String> openid(String user) {
        var form = new HashMap<>(passwordForm(People.TEST_CLIENT, user));
        form.put("scope", "openid");
        return form;
    }

    private static Map<String, String> passwordForm(String client, String user) {
        return Map.of(
                "grant_type",
                "password",
                "client_id",
                client,
                "username",
                user,
                "password",
                TestServers.credentials().user(user));
    }

    private static String request(Map<String, String> form) {
        return answered(form, "access_token");
    }

    private static String answered(Map<String, String> form, String kind) {
        var body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(URI.create(TestServers.realmUrl() + "/protocol/openid-connect/token"))
                .timeout(TIMEOUT)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            var token = JSON.readTree(response.body()).path(kind);
            if (!token.isTextual()) {
                throw new IllegalStateException(
                        "Keycloak answered %d: %s".formatted(response.statusCode(), response.body()));
            }
            return token.textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
