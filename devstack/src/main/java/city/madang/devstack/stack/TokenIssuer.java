package city.madang.devstack.stack;

import city.madang.devstack.process.Ports;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Signs access tokens with the claims that Keycloak gives, and serves the key to check them, for stacks in which nobody signs
 * in: it starts at once and takes no CPU from what is measured.
 */
public final class TokenIssuer implements AutoCloseable {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY_ID = "stack";
    private static final int KEY_BITS = 2048;
    private static final long LIFE_SECONDS = 6 * 3600;

    private final String issuer;
    private final KeyPair key;
    private final HttpServer server;

    /** @param origin the public origin, which tokens name as their issuer's */
    TokenIssuer(String origin) throws IOException {
        issuer = origin + "/auth/realms/madang";
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            key = generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 0);
        var keys = JSON.writeValueAsBytes(Map.of("keys", List.of(jwk())));
        server.createContext("/auth/realms/madang/protocol/openid-connect/certs", exchange -> {
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            try (var out = exchange.getResponseBody()) {
                out.write(keys);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A citizen's. */
    public String citizen(String subject) {
        return token(subject, List.of("citizen"), Map.of());
    }

    /** An agency's own. */
    public String agency(String agency) {
        return token("agency-" + agency, List.of("agency"), Map.of("agency", agency));
    }

    /** An officer's with one more role. */
    public String officer(String subject, String agency, String role) {
        return token(subject, List.of("officer", role), Map.of("agency", agency));
    }

    public String auditor() {
        return token("auditor", List.of("auditor"), Map.of());
    }

    private String token(String subject, List<String> roles, Map<String, String> more) {
        var now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        claims.put("aud", "madang-api");
        claims.put("sub", subject);
        claims.put("typ", "Bearer");
        claims.put("azp", "madang-wallet");
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + LIFE_SECONDS);
        claims.put("realm_access", Map.of("roles", roles));
        claims.putAll(more);
        try {
            var input = part(Map.of("alg", "RS256", "typ", "JWT", "kid", KEY_ID)) + "." + part(claims);
            var signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key.getPrivate());
            signer.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + BASE64.encodeToString(signer.sign());
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String part(Map<String, ?> json) throws IOException {
        return BASE64.encodeToString(JSON.writeValueAsBytes(json));
    }

    private Map<String, String> jwk() {
        var publicKey = (RSAPublicKey) key.getPublic();
        return Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "alg",
                "RS256",
                "kid",
                KEY_ID,
                "n",
                number(publicKey.getModulus()),
                "e",
                number(publicKey.getPublicExponent()));
    }

    private static String number(java.math.BigInteger value) {
        var bytes = value.toByteArray();
        var skip = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(java.util.Arrays.copyOfRange(bytes, skip, bytes.length));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
