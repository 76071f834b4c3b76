package city.madang.identity.presentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An answer is decrypted if it was encrypted as the request asks, and anything else is refused, whatever it looks like. */
class ResponseKeyTest {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final String key = ResponseKey.generate();
    private final String good = encrypted(new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM));

    private String encrypted(JWEHeader.Builder header) {
        try {
            JWEObject jwe = new JWEObject(header.build(), new Payload("{\"state\":\"s\"}"));
            jwe.encrypt(new ECDHEncrypter(ECKey.parse(key).toPublicJWK()));
            return jwe.serialize();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void refused(String jwe) {
        Malformed refusal = assertThrows(Malformed.class, () -> ResponseKey.decrypt(jwe, key));
        assertTrue(refusal.getMessage().length() < 200);
    }

    @Test
    void what_was_encrypted_as_asked_is_read() throws Malformed {
        assertEquals(Map.of("state", "s"), ResponseKey.decrypt(good, key));
        String named = encrypted(new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM)
                .keyID((String) ResponseKey.publicJwk(key).get("kid"))
                .agreementPartyUInfo(com.nimbusds.jose.util.Base64URL.encode("u"))
                .agreementPartyVInfo(com.nimbusds.jose.util.Base64URL.encode("v")));
        assertEquals(Map.of("state", "s"), ResponseKey.decrypt(named, key));
        assertThrows(Malformed.class, () -> ResponseKey.decrypt(good, ResponseKey.generate()));
    }

    @Test
    void a_header_that_says_anything_else_or_nothing_is_refused() throws Malformed {
        String[] parts = good.split("\\.", -1);
        Map<String, Object> header = StrictJson.object(new String(Base64Url.decode(parts[0]), StandardCharsets.UTF_8));
        Map<String, List<Object>> changes = Map.of(
                "alg",
                        List.of(
                                "absent",
                                1,
                                "none",
                                "dir",
                                "RSA-OAEP",
                                "PBES2-HS256+A128KW",
                                "ECDH-ES+A128KW",
                                "A128KW"),
                "enc", List.of("absent", 1, "none", "A192GCM", "A128CBC-HS256", List.of("A128GCM")),
                "epk",
                        List.of(
                                "absent",
                                "x",
                                1,
                                Map.of(),
                                Map.of("kty", "EC"),
                                Map.of("kty", "OKP", "crv", "X25519", "x", "AA")),
                "zip", List.of("DEF", 1),
                "crit", List.of(List.of("x"), "x"),
                "kid", List.of("another", 1));
        changes.forEach((name, values) -> values.forEach(value -> {
            Map<String, Object> other = new LinkedHashMap<>(header);
            other.put(name, value);
            other.values().removeIf("absent"::equals);
            parts[0] = Base64Url.encode(StrictJson.write(other).getBytes(StandardCharsets.UTF_8));
            refused(String.join(".", parts));
        }));
        for (String no :
                List.of("", ".", "....", ".....", "e30.e30.e30.e30.e30", "bnVsbA....", "W10....", "x", good + ".x")) {
            refused(no);
        }
        refused(encrypted(new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, EncryptionMethod.A128GCM)
                .compressionAlgorithm(CompressionAlgorithm.DEF)));
    }

    @Test
    void an_answer_has_one_spelling() {
        String[] parts = good.split("\\.", -1);
        for (int part : List.of(3, 4)) {
            String text = parts[part];
            // the last character of both has four bits that no byte uses
            int last = LETTERS.indexOf(text.charAt(text.length() - 1));
            for (String other : List.of(
                    text.substring(0, text.length() - 1) + LETTERS.charAt(last ^ 1),
                    text + "=",
                    text + "==",
                    text.charAt(0) + "!" + text.substring(1),
                    text + "\n")) {
                String[] changed = parts.clone();
                changed[part] = other;
                refused(String.join(".", changed));
            }
        }
        parts[1] = "AAAA";
        refused(String.join(".", parts));
    }

    @Test
    void a_mutated_answer_is_refused() {
        Random random = new Random(20_261_125);
        for (int round = 0; round < 2000; round++) {
            char[] mutant = good.toCharArray();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutant[random.nextInt(mutant.length)] = (char) (33 + random.nextInt(94));
            }
            if (!good.equals(new String(mutant))) {
                refused(new String(mutant));
            }
        }
    }
}
