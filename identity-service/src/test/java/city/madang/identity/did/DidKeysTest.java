package city.madang.identity.did;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors are those of the did:key and did:jwk specifications. */
class DidKeysTest {

    private static final String SPEC_JWK =
            "eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5"
                    + "IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";
    private static final String SPEC_KEY = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";

    @Test
    void the_keys_of_the_specifications_are_read() throws Malformed {
        assertEquals(
                new PublicJwk(
                        "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0", "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE"),
                DidKeys.resolve("did:jwk:" + SPEC_JWK + "#0"));
        assertEquals(
                new PublicJwk(
                        "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI", "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU"),
                DidKeys.resolve("did:key:" + SPEC_KEY + "#" + SPEC_KEY));
        String other = "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";
        assertEquals(
                new PublicJwk(
                        "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns", "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM"),
                DidKeys.resolve("did:key:" + other + "#" + other));
    }

    @Test
    void any_key_survives_both_methods() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        for (int i = 0; i < 200; i++) {
            ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
            String didKey = DidKeys.didKey(key);
            assertEquals(PublicJwk.of(key), DidKeys.resolve(didKey + "#" + didKey.substring("did:key:".length())));
            assertEquals(PublicJwk.of(key), DidKeys.resolve(DidKeys.didJwk(PublicJwk.of(key)) + "#0"));
        }
    }

    @Test
    void what_names_no_p256_signature_key_is_refused() {
        // the x of a point of the twist: no y belongs to it
        byte[] offCurve = new byte[35];
        offCurve[0] = (byte) 0x80;
        offCurve[1] = 0x24;
        offCurve[2] = 2;
        offCurve[34] = 1;
        byte[] tooLarge = offCurve.clone();
        java.util.Arrays.fill(tooLarge, 3, 35, (byte) 0xff);
        String withPrivatePart = jwk(decoded(SPEC_JWK).replace("}", ",\"d\":\"AQ\"}"));
        String forEncryption = jwk(decoded(SPEC_JWK).replace("}", ",\"use\":\"enc\"}"));
        String forAnotherAlgorithm = jwk(decoded(SPEC_JWK).replace("}", ",\"alg\":\"ES512\"}"));
        String repeated = jwk(decoded(SPEC_JWK).replace("{", "{\"x\":\"AA\","));
        String ed25519 = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        for (String url : List.of(
                "",
                "#0",
                "did:jwk:" + SPEC_JWK,
                "did:jwk:" + SPEC_JWK + "#1",
                "did:jwk:" + SPEC_JWK + "#0#0",
                "did:jwk:" + SPEC_JWK + "?a=b#0",
                "did:jwk:" + SPEC_JWK + "=#0",
                "did:jwk:#0",
                "did:jwk:" + withPrivatePart + "#0",
                "did:jwk:" + forEncryption + "#0",
                "did:jwk:" + forAnotherAlgorithm + "#0",
                "did:jwk:" + repeated + "#0",
                "did:key:" + SPEC_KEY,
                "did:key:" + SPEC_KEY + "#0",
                "did:key:" + SPEC_KEY + "#" + ed25519,
                "did:key:" + ed25519 + "#" + ed25519,
                "did:key:z#z",
                "did:key:zl0#zl0",
                "did:key:m" + SPEC_KEY + "#m" + SPEC_KEY,
                key(offCurve),
                key(tooLarge),
                "did:key:z" + "1".repeat(1000) + "#z" + "1".repeat(1000),
                "did:key:z" + "1".repeat(5_000_000) + "#z",
                "did:web:example.com#0",
                "DID:JWK:" + SPEC_JWK + "#0",
                "https://example.com/#0")) {
            assertThrows(Malformed.class, () -> DidKeys.resolve(url), url.substring(0, Math.min(300, url.length())));
        }
    }

    private static String key(byte[] bytes) {
        String value = "z" + Base58.encode(bytes);
        return "did:key:" + value + "#" + value;
    }

    private static String decoded(String base64url) {
        try {
            return new String(Base64Url.decode(base64url), StandardCharsets.UTF_8);
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String jwk(String json) {
        return Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
    }
}
