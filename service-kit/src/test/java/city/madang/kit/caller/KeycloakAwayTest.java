package city.madang.kit.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service that has no keys of tokens yet, since Keycloak has been away since it started. */
@QuarkusTest
class KeycloakAwayTest {

    @TestHTTPResource("/guarded")
    URI guarded;

    @Test
    void a_token_that_cannot_be_checked_is_not_called_bad() throws Exception {
        HttpResponse<String> answer = get("Bearer " + token());

        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty());
        assertEquals("urn:madang:problem:unavailable", new JsonObject(answer.body()).getString("type"));
    }

    @Test
    void no_token_and_what_is_none_are_told_so() throws Exception {
        for (String none : List.of("", "Bearer nonsense", "Bearer a.b.c")) {
            HttpResponse<String> answer = get(none);

            assertEquals(401, answer.statusCode(), none + ": " + answer.body());
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent(), none);
        }
    }

    private HttpResponse<String> get(String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(guarded);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String token() throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("some").generate();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("some").build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://localhost:8443/auth/realms/madang")
                        .audience("madang-api")
                        .subject("somebody")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }
}
