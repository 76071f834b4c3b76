package city.madang.identity.clients;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An agency's client as Keycloak's admin API has it. The role {@code agency} comes from a mapper that adds it to the client's tokens,
 * so that the registry needs no power over users and roles; nothing else that its service account has gets into a token.
 */
final class ClientRepresentation {

    /** Marks a client as made by the registry: another of the same id is left alone. */
    static final String MARK = "madang.agency";

    private static final String AUDIENCE = "madang-api";
    private static final String ROLE = "agency";

    private ClientRepresentation() {}

    static Map<String, Object> of(AgencyClient client) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("clientId", client.clientId());
        json.put("name", client.name());
        json.put("enabled", client.enabled());
        json.put("protocol", "openid-connect");
        json.put("publicClient", false);
        json.put("clientAuthenticatorType", "client-jwt");
        json.put("standardFlowEnabled", false);
        json.put("implicitFlowEnabled", false);
        json.put("directAccessGrantsEnabled", false);
        json.put("serviceAccountsEnabled", true);
        json.put("fullScopeAllowed", false);
        json.put("redirectUris", List.of());
        json.put("webOrigins", List.of());
        json.put(
                "attributes",
                Map.of(
                        MARK,
                        client.agency(),
                        "token.endpoint.auth.signing.alg",
                        "ES256",
                        // by value even if the agency gave an address: the provider is to fetch nothing that others
                        // name
                        "use.jwks.url",
                        "false",
                        "use.jwks.string",
                        "true",
                        "jwks.string",
                        client.jwks()));
        json.put("protocolMappers", mappers(client.agency()));
        return json;
    }

    private static List<Map<String, Object>> mappers(String agency) {
        return List.of(
                mapper("audience", "oidc-audience-mapper", Map.of("included.custom.audience", AUDIENCE)),
                mapper(
                        "agency",
                        "oidc-hardcoded-claim-mapper",
                        Map.of("claim.name", "agency", "claim.value", agency, "jsonType.label", "String")),
                mapper("role", "oidc-hardcoded-role-mapper", Map.of("role", ROLE)));
    }

    private static Map<String, Object> mapper(String name, String type, Map<String, String> settings) {
        Map<String, String> config = new LinkedHashMap<>(settings);
        config.put("access.token.claim", "true");
        config.put("introspection.token.claim", "true");
        return Map.of("name", name, "protocol", "openid-connect", "protocolMapper", type, "config", config);
    }
}
