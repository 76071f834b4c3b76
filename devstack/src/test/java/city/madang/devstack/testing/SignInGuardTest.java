package city.madang.devstack.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.People;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the realm does against weak passwords, guessing and stolen tokens, tried on the real Keycloak. */
class SignInGuardTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String GOOD = "correct horse battery staple";

    @BeforeAll
    static void start_servers() {
        var resource = new DevstackResource();
        resource.init(Map.of("parts", "keycloak", "service", "identity"));
        resource.start();
    }

    @Test
    void a_password_is_long_of_any_composition_and_not_the_name() throws Exception {
        var name = "a-person-with-a-long-name-" + UUID.randomUUID();
        var person = person(name);

        for (var bad : new String[] {"fourteen chars", name, name + "@madang.example", "x".repeat(129)}) {
            assertEquals(400, setPassword(person, bad).statusCode(), bad);
        }
        for (var good : new String[] {"fifteen letters", GOOD, "여섯 글자보다 훨씬 더 긴 비밀번호", "x".repeat(128)}) {
            assertEquals(204, setPassword(person, good).statusCode(), good);
            assertEquals(200, signIn(name, good).statusCode(), good);
        }
        // exactly as it was set: neither cut nor of another case
        refused(signIn(name, "x".repeat(127)));
        refused(signIn(name, "X".repeat(128)));
    }

    @Test
    void whoever_guesses_waits() throws Exception {
        var name = "guessed-" + UUID.randomUUID();
        var person = person(name);
        setPassword(person, GOOD);
        assertEquals(200, signIn(name, GOOD).statusCode());

        for (var guess = 0; guess < 10; guess++) {
            refused(signIn(name, "not the right password"));
        }

        refused(signIn(name, GOOD));
        // it waits and is not locked: no guesser shuts another out for good
        assertTrue(admin("GET", "/users/" + person, null).path("enabled").asBoolean());
    }

    @Test
    void no_client_that_keycloak_brings_along_takes_a_password() throws Exception {
        var name = "bypassing-" + UUID.randomUUID();
        setPassword(person(name), GOOD);

        for (var client :
                new String[] {"admin-cli", "account", "account-console", "security-admin-console", "madang-wallet"}) {
            var answer = token(
                    TestServers.realmUrl(),
                    Map.of("grant_type", "password", "client_id", client, "username", name, "password", GOOD));
            assertTrue(answer.statusCode() == 400 || answer.statusCode() == 401, client + ": " + answer.body());
            assertTrue(!answer.body().contains("access_token"), client);
        }
    }

    @Test
    void a_refresh_token_is_good_once() throws Exception {
        var name = "refreshing-" + UUID.randomUUID();
        setPassword(person(name), GOOD);
        var first =
                JSON.readTree(signIn(name, GOOD).body()).path("refresh_token").asText();

        var answer = refresh(first);
        assertEquals(200, answer.statusCode(), answer.body());
        var second = JSON.readTree(answer.body()).path("refresh_token").asText();
        assertNotEquals(first, second);

        refused(refresh(first));
    }

    @Test
    void a_person_who_is_disabled_renews_nothing() throws Exception {
        var name = "leaving-" + UUID.randomUUID();
        var person = person(name);
        setPassword(person, GOOD);
        var token =
                JSON.readTree(signIn(name, GOOD).body()).path("refresh_token").asText();

        admin("PUT", "/users/" + person, "{\"enabled\": false}");

        refused(refresh(token));
        refused(signIn(name, GOOD));
    }

    @Test
    void an_administrator_ends_a_persons_sessions() throws Exception {
        var name = "stolen-" + UUID.randomUUID();
        var person = person(name);
        setPassword(person, GOOD);
        var token =
                JSON.readTree(signIn(name, GOOD).body()).path("refresh_token").asText();

        admin("POST", "/users/" + person + "/logout", "");

        refused(refresh(token));
    }

    @Test
    void sign_ins_that_succeed_and_that_fail_are_noted() throws Exception {
        var name = "noted-" + UUID.randomUUID();
        var person = person(name);
        setPassword(person, GOOD);
        signIn(name, GOOD);
        signIn(name, "not the right password");

        var seen = admin("GET", "/events?user=" + person, null)
                .valueStream()
                .map(event -> event.path("type").asText())
                .collect(Collectors.toSet());
        assertTrue(seen.contains("LOGIN") && seen.contains("LOGIN_ERROR"), seen.toString());
    }

    private static void refused(HttpResponse<String> answer) throws Exception {
        assertTrue(answer.statusCode() == 400 || answer.statusCode() == 401, answer.body());
        assertEquals("invalid_grant", JSON.readTree(answer.body()).path("error").asText(), answer.body());
    }

    /** The id of a new person. */
    private static String person(String name) throws Exception {
        admin(
                "POST",
                "/users",
                JSON.writeValueAsString(Map.of(
                        "username",
                        name,
                        "email",
                        name + "@madang.example",
                        "emailVerified",
                        true,
                        "firstName",
                        "가",
                        "lastName",
                        "나",
                        "enabled",
                        true)));
        return admin("GET", "/users?exact=true&username=" + name, null)
                .path(0)
                .path("id")
                .asText();
    }

    private static HttpResponse<String> setPassword(String person, String password) throws Exception {
        return send(
                "PUT",
                adminUrl("/users/" + person + "/reset-password"),
                adminToken(),
                "application/json",
                JSON.writeValueAsString(Map.of("type", "password", "temporary", false, "value", password)));
    }

    private static HttpResponse<String> signIn(String name, String password) throws Exception {
        return token(
                TestServers.realmUrl(),
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        People.TEST_CLIENT,
                        "username",
                        name,
                        "password",
                        password));
    }

    private static HttpResponse<String> refresh(String token) throws Exception {
        return token(
                TestServers.realmUrl(),
                Map.of("grant_type", "refresh_token", "client_id", People.TEST_CLIENT, "refresh_token", token));
    }

    private static JsonNode admin(String method, String path, String body) throws Exception {
        var answer = send(method, adminUrl(path), adminToken(), "application/json", body);
        assertTrue(answer.statusCode() < 300, method + " " + path + ": " + answer.statusCode() + answer.body());
        return JSON.readTree(answer.body());
    }

    private static String adminUrl(String path) {
        return TestServers.realmUrl().replace("/realms/", "/admin/realms/") + path;
    }

    private static String adminToken() throws Exception {
        var master = TestServers.realmUrl().replaceAll("/realms/.*", "/realms/master");
        var answer = token(
                master,
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        DevCredentials.ADMIN,
                        "password",
                        TestServers.credentials().admin()));
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    private static HttpResponse<String> token(String realm, Map<String, String> form) throws Exception {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send("POST", realm + "/protocol/openid-connect/token", null, "application/x-www-form-urlencoded", body);
    }

    private static HttpResponse<String> send(String method, String address, String token, String type, String body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address)).header("content-type", type);
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        request.method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
