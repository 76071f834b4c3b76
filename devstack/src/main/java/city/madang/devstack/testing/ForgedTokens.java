package city.madang.devstack.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that look like a person's access token and are none (OWASP API Security Top 10 2023, API2; RFC 8725): whatever takes access tokens
 * must refuse each of them.
 */
public final class ForgedTokens {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ES256 = "ES256";

    private ForgedTokens() {}

    /** By what is wrong with it, a token each. */
    public static Map<String, String> of(String user) {
        try {
            return forge(TestTokens.user(user), user);
        } catch (GeneralSecurityException | IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Map<String, String> forge(String genuine, String user)
            throws GeneralSecurityException, IOException, InterruptedException {
        String[] parts = genuine.split("\\.", -1);
        ObjectNode header = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        JsonNode realmKey = key(header.path("kid").asText());
        KeyPair own = ownKey();

        Map<String, String> forged = new LinkedHashMap<>();
        forged.put(
                "a changed payload under the genuine signature", parts[0] + "." + promoted(parts[1]) + "." + parts[2]);
        forged.put("no signature", parts[0] + "." + parts[1] + ".");
        forged.put("the algorithm none", encoded(with(header, "alg", "none")) + "." + parts[1] + ".");
        forged.put(
                "an HMAC with the realm's public key",
                hmac(with(header, "alg", "HS256"), parts[1], publicKey(realmKey).getEncoded()));
        forged.put("another key under the realm's key id", signed(header, parts[1], own));
        ObjectNode carried = with(header, "kid", "own");
        carried.set("jwk", jwk((ECPublicKey) own.getPublic()));
        forged.put("a key that the token brings along", signed(carried, parts[1], own));
        forged.put(
                "a key at an address that the token names",
                signed(with(with(header, "kid", "own"), "jku", "https://attacker.example/jwks"), parts[1], own));
        forged.put("an ID token", TestTokens.identity(user));
        forged.put("a refresh token", TestTokens.refresh(user));
        return forged;
    }

    /** The claims with every role of the city. */
    private static String promoted(String payload) throws IOException {
        ObjectNode claims = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(payload));
        claims.withObject("/realm_access")
                .withArray("roles")
                .add("registrar")
                .add("treasurer")
                .add("auditor");
        return encoded(claims);
    }

    private static ObjectNode with(ObjectNode header, String member, String value) {
        return header.deepCopy().put(member, value);
    }

    private static String signed(ObjectNode header, String payload, KeyPair key)
            throws GeneralSecurityException, IOException {
        String content = encoded(header.put("alg", ES256)) + "." + payload;
        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(key.getPrivate());
        signer.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + base64(signer.sign());
    }

    private static String hmac(ObjectNode header, String payload, byte[] secret)
            throws GeneralSecurityException, IOException {
        String content = encoded(header) + "." + payload;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return content + "." + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    }

    private static KeyPair ownKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JsonNode key(String id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(TestServers.realmUrl() + "/protocol/openid-connect/certs"))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return JSON.readTree(answer)
                    .path("keys")
                    .valueStream()
                    .filter(key -> key.path("kid").asText().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static ECPublicKey publicKey(JsonNode jwk) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode jwk, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(member).asText()));
    }

    private static ObjectNode jwk(ECPublicKey key) {
        return JSON.createObjectNode()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", base64(fixed(key.getW().getAffineX())))
                .put("y", base64(fixed(key.getW().getAffineY())));
    }

    /** 32 bytes, big endian. */
    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(bytes.length, padded.length);
        System.arraycopy(bytes, bytes.length - length, padded, padded.length - length, length);
        return padded;
    }

    private static String encoded(JsonNode json) throws IOException {
        return base64(JSON.writeValueAsBytes(json));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
