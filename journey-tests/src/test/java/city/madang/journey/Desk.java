package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An agency's own system, at the API of the city. */
final class Desk {

    static final String AUTHORIZATION_CODE = "authorization_code";
    static final String PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Portal portal;
    private final String agency;

    Desk(Portal portal, String agency) {
        this.portal = portal;
        this.agency = agency;
    }

    /** Declares a credential type, or declares it anew. */
    void declare(String type, String declaration) {
        portal.put("/identity/credential-types/" + type, token(), read(declaration));
    }

    /** Offers a credential; asked again after a failure, the same offer is meant. Answers its id. */
    String offer(String type, String holder, JsonNode claims, String... grants) {
        ObjectNode body =
                JSON.createObjectNode().put("credential_configuration_id", type).put("holder", holder);
        body.set("claims", claims);
        if (grants.length > 0) {
            body.set("grants", JSON.valueToTree(grants));
        }
        Map<String, String> headers = Map.of(
                "Authorization",
                "Bearer " + token(),
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                UUID.randomUUID().toString());
        return portal.exchange("POST", "/identity/credential-offers", headers, bytes(body))
                .orFail("an offer of " + type)
                .json()
                .path("id")
                .asText();
    }

    /** What waits for this agency, of one type. */
    JsonNode pending(String type) {
        for (JsonNode each :
                portal.get("/identity/credential-requests?limit=200", token()).path("items")) {
            if (each.path("credential_configuration_id").asText().equals(type)
                    && each.path("state").asText().equals("pending")) {
                return each;
            }
        }
        throw new JourneyFailed("nobody asked for " + type);
    }

    Portal.Answer grant(String request, JsonNode claims) {
        ObjectNode body = JSON.createObjectNode();
        body.set("claims", claims);
        return post("/identity/credential-requests/" + request + "/claims", body);
    }

    Portal.Answer refuse(String request) {
        return post(
                "/identity/credential-requests/" + request + "/refusal",
                JSON.createObjectNode().put("reason", "not entitled"));
    }

    /** Asks a holder; {@code asking} is a body of {@code POST /identity/presentations}. */
    JsonNode ask(String asking) {
        return portal.post("/identity/presentations", token(), read(asking));
    }

    Portal.Answer attemptToAsk(String asking) {
        return post("/identity/presentations", read(asking));
    }

    JsonNode asked(String presentation) {
        return portal.get("/identity/presentations/" + presentation, token());
    }

    Portal.Answer result(String presentation) {
        return result(presentation, null);
    }

    Portal.Answer result(String presentation, @Nullable String responseCode) {
        String query = responseCode == null ? "" : "?response_code=" + responseCode;
        return portal.fetch("/identity/presentations/" + presentation + "/result" + query, token());
    }

    /** The issuance behind an offer. */
    JsonNode issued(String offer) {
        JsonNode found =
                portal.get("/identity/credentials?offer=" + offer, token()).path("items");
        if (found.size() != 1) {
            throw new JourneyFailed("issued from offer " + offer + ": " + found);
        }
        return found.get(0);
    }

    Portal.Answer status(String credential, String status, String reason) {
        return portal.exchange(
                "PUT",
                "/identity/credentials/" + credential + "/status",
                Map.of("Authorization", "Bearer " + token(), "Content-Type", "application/json"),
                bytes(JSON.createObjectNode().put("status", status).put("reason", reason)));
    }

    private Portal.Answer post(String path, JsonNode body) {
        return portal.exchange(
                "POST",
                path,
                Map.of("Authorization", "Bearer " + token(), "Content-Type", "application/json"),
                bytes(body));
    }

    String token() {
        return new SignIn(portal).agency(agency);
    }

    private static byte[] bytes(JsonNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException wrong) {
            throw new IllegalArgumentException(json, wrong);
        }
    }
}
