package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What wallets, browsers and verifiers find at the public origin, as the identity service meant it. */
@Order(6)
class EntryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WALLET_PAGE = "https://wallet.example";

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final Pattern TEMPLATE = Pattern.compile("\\{([^}]+)}");

    private static Town town;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/openid-credential-issuer/identity",
                "/.well-known/oauth-authorization-server/identity",
                "/.well-known/jwt-vc-issuer/identity"
            })
    void metadata_stand_where_the_path_of_the_issuer_is_inserted_and_nowhere_else(String path) {
        Portal.Answer answer = town.portal.fetch(path, null);
        String name = path.contains("credential-issuer") ? "credential_issuer" : "issuer";

        assertEquals(200, answer.status());
        assertEquals(town.issuer(), answer.json().path(name).asText());
        assertEquals(404, town.portal.fetch(path.replace("/identity", ""), null).status());
        assertEquals(404, town.portal.fetch(path + "/more", null).status());
    }

    @Test
    void keys_types_and_codes_to_scan_are_there_for_everybody() {
        JsonNode asked = town.transport.ask(
                PresentationFlowsTest.asking(PresentationFlowsTest.query("q", Town.LICENCE, "", "category"), ""));
        Portal.Answer code =
                town.portal.fetch(URI.create(asked.path("qr_uri").asText()).getPath(), null);

        assertEquals(
                "EC", town.portal.get("/identity/jwks", null).at("/keys/0/kty").asText());
        assertEquals(
                town.vct(Town.LICENCE),
                town.portal
                        .get("/identity/vct/" + Town.LICENCE, null)
                        .path("vct")
                        .asText());
        assertEquals(200, code.status());
        assertEquals("image/svg+xml", code.contentType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/statuslist+jwt", "application/statuslist+cwt"})
    void status_lists_can_be_cached_and_pass_as_they_are(String type) throws IOException, InterruptedException {
        Town.Citizen minji = town.citizen("minji");
        minji.receive(town.cityHall.offer(Town.LICENCE, minji.sub(), Personal.licence()));
        String list = town.portal
                .get("/identity/status-lists?agency=city-hall", null)
                .at("/status_lists/0")
                .asText();
        String path = URI.create(list).getPath();
        Map<String, String> accept = Map.of("Accept", type, "Accept-Encoding", "gzip, br");

        Portal.Answer answer = town.portal.exchange("GET", path, accept, new byte[0]);
        byte[] direct = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(TestStack.get()
                                        .service(TestStack.IDENTITY)
                                        .internal()
                                        .resolve(path))
                                .header("Accept", type)
                                .build(),
                        BodyHandlers.ofByteArray())
                .body();
        String tag = answer.header("ETag");
        Portal.Answer again =
                town.portal.exchange("GET", path, Map.of("Accept", type, "If-None-Match", tag), new byte[0]);

        assertEquals(200, answer.status());
        assertEquals(type, answer.contentType());
        assertEquals("", answer.header("Content-Encoding"));
        assertArrayEquals(direct, answer.body());
        assertEquals(
                List.of("Accept"),
                answer.headers().allValues("Vary").stream()
                        .filter(each -> !each.equalsIgnoreCase("Origin"))
                        .toList());
        assertTrue(answer.header("Cache-Control").startsWith("public, max-age="), answer.header("Cache-Control"));
        assertFalse(tag.isEmpty());
        assertEquals(304, again.status());
        assertEquals(tag, again.header("ETag"));
        assertEquals(0, again.body().length);
    }

    @Test
    void a_wallet_in_a_browser_may_call_and_is_told_so_once() {
        Portal.Answer preflight = town.portal.exchange(
                "OPTIONS",
                "/identity/credential",
                Map.of(
                        "Origin",
                        WALLET_PAGE,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "authorization,content-type,dpop"),
                new byte[0]);
        Portal.Answer nonce =
                town.portal.exchange("POST", "/identity/nonce", Map.of("Origin", WALLET_PAGE), new byte[0]);

        assertEquals(200, preflight.status());
        assertTrue(
                preflight.header("Access-Control-Allow-Headers").toLowerCase().contains("dpop"));
        assertTrue(preflight.header("Access-Control-Allow-Methods").contains("POST"));
        assertEquals(200, nonce.status());
        assertTrue(nonce.header("Access-Control-Expose-Headers").contains("DPoP-Nonce"));
        for (Portal.Answer answer : List.of(preflight, nonce)) {
            assertEquals(
                    1, answer.headers().allValues("Access-Control-Allow-Origin").size());
            assertNotEquals("true", answer.header("Access-Control-Allow-Credentials"));
        }
        assertEquals("no-store", nonce.header("Cache-Control"));
    }

    @Test
    void cookies_and_policies_of_pages_pass_unchanged() {
        String page = town.transport
                .ask(PresentationFlowsTest.asking(
                        PresentationFlowsTest.query("q", Town.LICENCE, "", "category"),
                        ", \"redirect_uri\": \"https://transport.example/return\""))
                .path("page_uri")
                .asText();
        int before = TestStack.wire().count();

        Portal.Answer answer = town.portal.fetch(URI.create(page).getPath(), null);

        Wire.Head sent = TestStack.wire().since(before).stream()
                .filter(head -> head.first().startsWith("HTTP/1.1 200"))
                .findFirst()
                .orElseThrow();
        assertEquals(sent.field("Set-Cookie"), answer.header("Set-Cookie"));
        assertTrue(answer.header("Set-Cookie").startsWith("__Secure-"), answer.header("Set-Cookie"));
        assertEquals(sent.field("Content-Security-Policy"), answer.header("Content-Security-Policy"));
        assertEquals(1, answer.headers().allValues("Content-Security-Policy").size());
        assertEquals("no-store", answer.header("Cache-Control"));
        assertEquals("no-referrer", answer.header("Referrer-Policy"));
    }

    @Test
    void an_authorization_request_that_nobody_pushed_ends_on_a_page_and_not_at_a_wallet() {
        Portal.Answer answer = town.portal.fetch(
                "/identity/authorize?client_id=x&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Anone", null);

        assertEquals(400, answer.status());
        assertEquals("", answer.header("Location"));
    }

    @Test
    void the_description_holds_every_operation_of_the_identity_service() throws IOException, InterruptedException {
        JsonNode merged = town.portal.get("/openapi.json", null);
        JsonNode own = JSON.readTree(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(TestStack.get()
                                        .service(TestStack.IDENTITY)
                                        .internal()
                                        .resolve("/q/openapi?format=json"))
                                .build(),
                        BodyHandlers.ofString())
                .body());

        assertTrue(
                merged.path("openapi").asText().startsWith("3.1."),
                merged.path("openapi").asText());
        TreeSet<String> missing = new TreeSet<>();
        own.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String name = operation.getKey() + " " + path.getKey();
                    JsonNode here = merged.path("paths").path(path.getKey()).path(operation.getKey());
                    if (here.isMissingNode()) {
                        missing.add(name);
                    }
                }));
        assertEquals(new TreeSet<>(), missing);
        assertTrue(own.path("paths").size() > 25);
    }

    /** Written anew with {@code -Dmadang.render=true}. */
    private static final Path KEPT = TestStack.CHECKOUT.resolve("docs/openapi.json");

    @Test
    void the_description_that_is_kept_is_the_one_that_is_served() throws IOException {
        ObjectNode served = (ObjectNode) town.portal.get("/openapi.json", null);
        served.set("servers", JSON.createArrayNode().add(JSON.createObjectNode().put("url", "https://localhost:8443")));
        if (Boolean.getBoolean("madang.render")) {
            Files.writeString(
                    KEPT,
                    JSON.writer(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                                    .writeValueAsString(JSON.treeToValue(served, Object.class))
                            + "\n");
        }
        assertEquals(
                JSON.readTree(KEPT.toFile()),
                served,
                "write it anew: ./madang test -pl journey-tests -am -Dtest=EntryTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dmadang.render=true");
    }

    @Test
    void each_success_answer_that_is_described_with_a_body_has_a_schema() {
        TreeSet<String> without = new TreeSet<>();
        town.portal
                .get("/openapi.json", null)
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> operation.getValue().path("responses").properties().stream()
                                .filter(answer -> answer.getKey().startsWith("2"))
                                .forEach(answer -> answer.getValue().path("content").properties().stream()
                                        .filter(type ->
                                                type.getValue().path("schema").isEmpty())
                                        .forEach(type -> without.add(String.join(
                                                " ",
                                                operation.getKey(),
                                                path.getKey(),
                                                answer.getKey(),
                                                type.getKey()))))));

        assertEquals(new TreeSet<>(), without);
    }

    /** What the services check themselves, by other means than Keycloak's tokens. */
    private static final Set<String> WALLETS =
            Set.of("POST /identity/credential", "POST /identity/deferred-credential", "POST /identity/notification");

    /** Said twice: for everybody as a page, for who is signed in as JSON. */
    private static final Set<String> BOTH = Set.of("GET /payment/links/{link}");

    @Test
    void the_door_asks_for_a_token_exactly_where_a_service_does() {
        JsonNode merged = town.portal.get("/openapi.json", null);
        TreeSet<String> wrong = new TreeSet<>();
        merged.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> METHODS.contains(operation.getKey()))
                .forEach(operation -> {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    String name = method + " " + path.getKey();
                    // an id that is nobody's, so that nothing happens where nothing is asked for
                    String target = TEMPLATE.matcher(path.getKey()).replaceAll("00000000-0000-4000-8000-000000000000");
                    Portal.Answer answer = town.portal.exchange(
                            method,
                            target,
                            Map.of("Content-Type", "application/json", "Accept", "application/json, */*"),
                            new byte[0]);
                    boolean asked = answer.status() == 401
                            && answer.header("WWW-Authenticate").startsWith("Bearer, DPoP");
                    boolean wanted = !operation.getValue().path("security").isEmpty() || WALLETS.contains(name);
                    if (asked != wanted && !BOTH.contains(name)) {
                        wrong.add(name + (wanted ? " passes without a token" : " is refused without a token"));
                    }
                }));

        assertEquals(new TreeSet<>(), wrong);
    }

    @Test
    void the_merged_description_is_whole_references_lead_somewhere_names_are_unique_and_parameters_declared() {
        JsonNode merged = town.portal.get("/openapi.json", null);
        TreeSet<String> wrong = new TreeSet<>();
        for (JsonNode reference : merged.findValues("$ref")) {
            if (!reference.asText().startsWith("#/")
                    || merged.at(reference.asText().substring(1)).isMissingNode()) {
                wrong.add(reference.asText());
            }
        }
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> operations = new TreeSet<>();
        merged.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(operation -> METHODS.contains(operation.getKey()))
                .forEach(operation -> {
                    String name = operation.getKey() + " " + path.getKey();
                    operations.add(name);
                    JsonNode described = operation.getValue();
                    if (described.has("operationId")
                            && !names.add(described.path("operationId").asText())) {
                        wrong.add("twice: " + described.path("operationId").asText());
                    }
                    if (described.path("responses").isEmpty()) {
                        wrong.add("no responses: " + name);
                    }
                    TreeSet<String> declared = new TreeSet<>();
                    for (JsonNode parameters : List.of(
                            described.path("parameters"), path.getValue().path("parameters"))) {
                        parameters.forEach(parameter -> {
                            if (parameter.path("in").asText().equals("path")) {
                                declared.add(parameter.path("name").asText());
                            }
                        });
                    }
                    TreeSet<String> used = new TreeSet<>();
                    TEMPLATE.matcher(path.getKey()).results().forEach(each -> used.add(each.group(1)));
                    if (!declared.equals(used)) {
                        wrong.add("parameters " + declared + ": " + name);
                    }
                }));

        assertEquals(new TreeSet<>(), wrong);
        assertTrue(operations.size() > 70, operations::toString);
    }
}
