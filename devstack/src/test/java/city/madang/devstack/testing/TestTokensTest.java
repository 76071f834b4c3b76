package city.madang.devstack.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TestTokensTest {

    @BeforeAll
    static void start_servers() {
        var resource = new DevstackResource();
        resource.init(Map.of("parts", "keycloak", "service", "identity"));
        var properties = resource.start();
        assertTrue(properties.get("madang.keycloak.url").startsWith("http://127.0.0.1:"));
    }

    @Test
    void a_citizens_token_names_issuer_audience_and_role() {
        var claims = TestTokens.claims(TestTokens.user("minji"));

        assertEquals(
                "https://localhost:8443/auth/realms/madang", claims.path("iss").asText());
        assertEquals(36, claims.path("sub").asText().length());
        assertTrue(texts(claims.path("aud")).contains("madang-api"));
        assertTrue(roles(claims).contains("citizen"));
        assertFalse(claims.has("agency"));
        assertTrue(claims.path("exp").asLong() - claims.path("iat").asLong() <= 300);
    }

    @Test
    void an_agencys_token_names_the_agency() {
        var claims = TestTokens.claims(TestTokens.client("city-hall"));

        assertEquals("city-hall", claims.path("agency").asText());
        assertTrue(texts(claims.path("aud")).contains("madang-api"));
        assertTrue(roles(claims).contains("agency"));
        assertFalse(roles(claims).contains("citizen"));
    }

    @Test
    void an_officers_token_names_the_agency_and_all_roles() {
        var registrar = TestTokens.claims(TestTokens.user("officer.cityhall"));
        var treasurer = TestTokens.claims(TestTokens.user("treasurer.b"));

        assertEquals("city-hall", registrar.path("agency").asText());
        assertTrue(roles(registrar).containsAll(List.of("officer", "registrar")));
        assertEquals("treasury", treasurer.path("agency").asText());
        assertTrue(roles(treasurer).containsAll(List.of("officer", "treasurer")));
    }

    @Test
    void bad_tokens_are_genuine_but_expired_or_for_others() {
        var expired = TestTokens.claims(TestTokens.expired("minji"));
        var other = TestTokens.claims(TestTokens.wrongAudience("minji"));

        assertTrue(
                Instant.now().isAfter(Instant.ofEpochSecond(expired.path("exp").asLong())));
        assertTrue(texts(expired.path("aud")).contains("madang-api"));
        assertFalse(texts(other.path("aud")).contains("madang-api"));
    }

    private static List<String> roles(JsonNode claims) {
        return texts(claims.path("realm_access").path("roles"));
    }

    private static List<String> texts(JsonNode node) {
        return node.isTextual()
                ? List.of(node.asText())
                : StreamSupport.stream(node.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList();
    }
}
