package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * After all flows of this module: no name, birth date or document number is where it must not be. Runs last, when everything that
 * could have been written was written.
 */
@Order(Integer.MAX_VALUE)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NothingPersonalTest {

    private static Town town;
    private static Town.Citizen minji;

    @BeforeAll
    static void a_town() {
        town = Town.ready();
        minji = town.citizen("minji");
    }

    @Test
    @Order(1)
    void requests_that_fail_are_refused_without_repeating_what_they_hold() {
        String name = Personal.name();
        String number = Personal.documentNumber();
        String agency = town.cityHall.token();
        String json = "application/json";
        String form = "application/x-www-form-urlencoded";

        refused(
                "POST",
                "/identity/credential-offers",
                agency,
                json,
                "{\"holder\": \"" + name + "\", \"claims\": \"" + number);
        refused(
                "POST",
                "/identity/credential-offers",
                agency,
                json,
                "{\"credential_configuration_id\": \"" + Town.LICENCE + "\", \"holder\": \"" + name
                        + "\", \"claims\": {\"document_number\": \"" + number + "\"}}");
        refused(
                "POST",
                "/identity/credential-offers",
                agency,
                json,
                "{\"credential_configuration_id\": \"" + Town.LICENCE + "\", \"holder\": \"" + minji.sub()
                        + "\", \"claims\": [\"" + number + "\"]}");
        refused(
                "POST",
                "/identity/credential-offers",
                agency,
                json,
                "{\"credential_configuration_id\": \"" + Town.LICENCE + "\", \"holder\": \"" + minji.sub()
                        + "\", \"claims\": {\"" + number + "\": \"" + name + "\"}}");
        refused(
                "POST",
                "/identity/credential-requests/" + UUID.randomUUID() + "/claims",
                agency,
                json,
                "{\"claims\": {\"family_name\": \"" + name + "\"}}");
        refused(
                "POST",
                "/identity/presentations",
                agency,
                json,
                "{\"dcql_query\": {\"credentials\": [{\"id\": \"" + name
                        + "\", \"claims\": [{\"path\": [\"document_number\"]," + " \"values\": [\"" + number
                        + "\"]}]}]}}");
        refused(
                "PUT",
                "/identity/credentials/" + UUID.randomUUID() + "/status",
                agency,
                json,
                "{\"status\": \"revoked\", \"reason\": \"" + name + "\", \"note\": \"" + number + "\"}");
        refused(
                "POST",
                "/identity/token",
                null,
                form,
                "grant_type=authorization_code&code=" + number + "&code_verifier=" + number);
        refused("POST", "/identity/par", null, form, "client_id=" + number + "&scope=" + number);
        refused("POST", "/identity/credential", number, json, "{\"credential_configuration_id\": \"" + name + "\"}");
        String asked = town.transport
                .ask(PresentationFlowsTest.asking(
                        PresentationFlowsTest.query("q", Town.LICENCE, "", "category"),
                        ", \"response_mode\": \"direct_post\""))
                .path("id")
                .asText();
        String shown = Base64.getUrlEncoder().encodeToString(("{\"" + name + "\"}").getBytes(StandardCharsets.UTF_8));
        refused(
                "POST",
                "/identity/response/" + asked,
                null,
                form,
                "vp_token=%7B%22q%22%3A%5B%22" + shown + "." + number + "%22%5D%7D&state=x");
    }

    @Test
    @Order(2)
    void nothing_personal_is_in_a_log_an_event_a_metric_a_trace_an_address_or_in_what_is_kept() {
        PersonalTraces traces = new PersonalTraces(Personal.all());

        assertEquals(List.of(), traces.in(TestStack.get(), TestStack.state()));
    }

    @Test
    @Order(3)
    void no_span_tells_of_a_citizen_by_an_identifier_either() {
        PersonalTraces traces = new PersonalTraces(List.of(minji.sub()));

        assertEquals(
                List.of(),
                traces.in(TestStack.get(), TestStack.state()).stream()
                        .filter(place -> place.startsWith("spans"))
                        .toList());
    }

    @Test
    @Order(3)
    void the_search_would_find_a_value_in_any_form() throws IOException {
        String value = Personal.name();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        PersonalTraces traces = new PersonalTraces(List.of(value, "민지"));
        for (String form : List.of(
                "in a line: " + value + ".",
                HexFormat.of().formatHex(bytes),
                Base64.getUrlEncoder().encodeToString(("{\"a\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8)),
                Base64.getEncoder().encodeToString(("{\"abc\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8)),
                "eyJnaXZlbl9uYW1lIjoi66-87KeAIn0",
                "\\ubbfc\\uc9c0",
                "%EB%AF%BC%EC%A7%80")) {
            Path file = Files.writeString(TestStack.home("control.txt"), form);
            assertTrue(traces.finds(file), form);
        }
    }

    @Test
    @Order(4)
    void the_search_reads_every_place() {
        String canary = "canary" + System.nanoTime();
        town.portal.fetch("/identity/vct/" + canary, null);

        assertFound(canary, "address");
        assertFound("madang.access", "logs/gateway.log");
        assertFound("Installed features", "logs/identity-service.log", "logs/keycloak.log");
        assertFound("ready to accept connections", "logs/postgres.log");
        assertFound("credential.issued", "data/kafka/");
        assertFound("process application.submitted", "spans");
        assertFound("GET /identity/vct/{name}", "spans");
        assertFound(
                "jvm_memory",
                "identity-service metrics",
                "payment-service metrics",
                "records-service metrics",
                "gateway metrics");
        assertFound(Town.LICENCE, "table credential_type", "table credential_offer", "table issuance");
    }

    private static void assertFound(String value, String... places) {
        List<String> found = new PersonalTraces(List.of(value)).in(TestStack.get(), TestStack.state());
        for (String place : places) {
            assertTrue(found.stream().anyMatch(each -> each.startsWith(place)), () -> place + " is not in " + found);
        }
    }

    private static void refused(String method, String path, String token, String type, String body) {
        Map<String, String> headers = token == null
                ? Map.of("Content-Type", type)
                : Map.of("Content-Type", type, "Authorization", "Bearer " + token);
        Portal.Answer answer = town.portal.exchange(method, path, headers, body.getBytes(StandardCharsets.UTF_8));

        assertEquals(4, answer.status() / 100, () -> path + " answered " + answer.status());
        for (String value : Personal.all()) {
            assertTrue(!answer.text().contains(value), () -> path + " repeats " + value + ": " + answer.text());
        }
    }
}
