package city.madang.devstack.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart imports the realm with which the suite is developed and tested: the same roles, flows, profile and clients, without people,
 * without agencies and with placeholders where secrets are. {@code -Dmadang.render=true} writes it anew.
 */
class ChartRealmTest {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final String ORIGIN = "https://madang.example";
    private static final Path FILE =
            Path.of(System.getProperty("madang.root", "..")).resolve("k8s/chart/files/realm.json");

    @Test
    void the_imported_realm_is_the_tested_one_without_people_agencies_and_secrets(@TempDir Path folder)
            throws IOException {
        var credentials = DevCredentials.open(folder.resolve("credentials.json"));
        // by way of text, which sorts the members
        ObjectNode realm =
                (ObjectNode) JSON.readTree(JSON.writeValueAsString(Realm.representation(credentials, ORIGIN, false)));
        keep(
                (ArrayNode) realm.get("clients"),
                client -> !People.AGENCIES.contains(client.path("clientId").asText())
                        && !People.CERTIFIED_SYSTEM.equals(
                                client.path("clientId").asText()));
        secret(realm, People.SIGN_IN_CLIENT, "${SIGN_IN_SECRET}");
        secret(realm, People.REGISTRY_CLIENT, "${REGISTRY_SECRET}");
        keep(
                (ArrayNode) realm.get("users"),
                user -> user.path("serviceAccountClientId").asText().equals(People.REGISTRY_CLIENT));
        sort(realm, "clients", "clientId");
        realm.put("sslRequired", "external");
        String text = JSON.writeValueAsString(JSON.treeToValue(realm, java.util.TreeMap.class)) + "\n";

        if (Boolean.getBoolean("madang.render")) {
            Files.writeString(FILE, text);
        }
        assertEquals(JSON.readTree(text), JSON.readTree(Files.readString(FILE)));
        assertFalse(text.contains("\"credentials\""));
        for (String client : Set.of(People.SIGN_IN_CLIENT, People.REGISTRY_CLIENT)) {
            assertFalse(text.contains(credentials.client(client)), client);
        }
        assertEquals(
                List.of("admin-cli", "madang-console", "madang-identity", "madang-registry", "madang-wallet"),
                realm.get("clients")
                        .valueStream()
                        .map(client -> client.path("clientId").asText())
                        .sorted()
                        .toList());
    }

    /** OWASP ASVS 5.0.0, V6.2, V7.3 and V10.4, as docs/asvs.md says. */
    @Test
    void no_client_and_no_sign_in_is_looser_than_it_must_be() throws IOException {
        JsonNode realm = JSON.readTree(Files.readString(FILE));

        for (JsonNode client : realm.path("clients")) {
            String id = client.path("clientId").asText();
            assertFalse(client.path("implicitFlowEnabled").asBoolean(), id);
            assertFalse(client.path("directAccessGrantsEnabled").asBoolean(true), id);
            if (client.path("standardFlowEnabled").asBoolean(true)) {
                assertEquals(
                        "S256",
                        client.path("attributes")
                                .path("pkce.code.challenge.method")
                                .asText(),
                        id);
                assertFalse(client.path("fullScopeAllowed").asBoolean(true), id);
                for (JsonNode address : client.path("redirectUris")) {
                    // a public client is answered on the own device alone
                    assertTrue(
                            address.asText().matches("http://(127\\.0\\.0\\.1|localhost):\\*")
                                    || address.asText().equals(ORIGIN + "/identity/authorize/callback"),
                            address.asText());
                }
            }
        }
        for (String off : Set.of("registrationAllowed", "resetPasswordAllowed", "otpPolicyCodeReusable")) {
            assertFalse(realm.path(off).asBoolean(true), off);
        }
        for (String on : Set.of("bruteForceProtected", "revokeRefreshToken", "eventsEnabled", "adminEventsEnabled")) {
            assertTrue(realm.path(on).asBoolean(), on);
        }
        String passwords = realm.path("passwordPolicy").asText();
        assertTrue(passwords.contains("length(15)"), passwords);
        for (String rule : Set.of("forceExpiredPasswordChange", "upperCase", "lowerCase", "digits", "specialChars")) {
            assertFalse(passwords.contains(rule), rule);
        }
        assertEquals(1800, realm.path("ssoSessionIdleTimeout").asInt());
        assertEquals(36_000, realm.path("ssoSessionMaxLifespan").asInt());
        assertEquals(300, realm.path("accessTokenLifespan").asInt());
    }

    private static void secret(ObjectNode realm, String client, String placeholder) {
        realm.get("clients").forEach(one -> {
            if (one.path("clientId").asText().equals(client)) {
                ((ObjectNode) one).put("secret", placeholder);
            }
        });
    }

    private static void keep(ArrayNode all, java.util.function.Predicate<JsonNode> wanted) {
        for (var each = all.elements(); each.hasNext(); ) {
            if (!wanted.test(each.next())) {
                each.remove();
            }
        }
    }

    private static void sort(ObjectNode holder, String list, String by) {
        var sorted = holder.get(list)
                .valueStream()
                .sorted(java.util.Comparator.comparing(one -> one.path(by).asText()))
                .toList();
        ((ArrayNode) holder.get(list)).removeAll().addAll(sorted);
    }
}
