package city.madang.devstack.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
        var credentials = DevCredentials.open(
                folder.resolve("credentials.json"),
                People.ALL.stream().map(People.Person::name).toList(),
                People.CONFIDENTIAL_CLIENTS);
        // by way of text, which sorts the members
        ObjectNode realm =
                (ObjectNode) JSON.readTree(JSON.writeValueAsString(Realm.representation(credentials, ORIGIN, false)));
        keep(
                (ArrayNode) realm.get("clients"),
                client -> !People.AGENCIES.contains(client.path("clientId").asText()));
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
                List.of("madang-console", "madang-identity", "madang-registry", "madang-wallet"),
                realm.get("clients")
                        .valueStream()
                        .map(client -> client.path("clientId").asText())
                        .sorted()
                        .toList());
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
