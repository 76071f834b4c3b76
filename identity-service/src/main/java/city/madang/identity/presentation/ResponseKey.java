package city.madang.identity.presentation;

import city.madang.identity.jose.CompactJwe;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.StrictJson;
import city.madang.kit.p256.P256;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The key made for one request, to which the wallet encrypts its answer (OpenID4VP 1.0 §8.3, HAIP 1.0 §5). */
final class ResponseKey {

    /** Several documents with portraits, base64 twice. */
    private static final int LONGEST = Submission.LONGEST;

    private static final Set<String> METHODS = Set.of("A128GCM", "A256GCM");

    private ResponseKey() {}

    /** A private JWK as text. */
    static String generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .provider(P256.fastProvider())
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.ENCRYPTION)
                    .algorithm(JWEAlgorithm.ECDH_ES)
                    .generate()
                    .toJSONString();
        } catch (JOSEException broken) {
            throw new IllegalStateException("this Java has no P-256", broken);
        }
    }

    /** RFC 7638 with SHA-256, base64url: what an mdoc's device signs of the key (OpenID4VP 1.0 appendix B.2.6.1). */
    static String thumbprint(String privateJwk) {
        try {
            return parse(privateJwk).computeThumbprint().toString();
        } catch (JOSEException broken) {
            throw new IllegalStateException("this Java has no SHA-256", broken);
        }
    }

    static Map<String, Object> publicJwk(String privateJwk) {
        return parse(privateJwk).toPublicJWK().toJSONObject();
    }

    /**
     * A {@code kid} must be this key's. Wallets have to give it (§8.3); from one that does not, the answer is taken nevertheless:
     * there is but one key.
     *
     * @throws Malformed if it was not encrypted to this key as the request asked
     */
    static Map<String, @Nullable Object> decrypt(String response, String privateJwk) throws Malformed {
        if (response.length() > LONGEST) {
            throw new Malformed("the response is too long");
        }
        ECKey key = parse(privateJwk);
        checkHeader(response, key.getKeyID());
        try {
            JWEObject jwe = JWEObject.parse(response);
            ECDHDecrypter decrypter = new ECDHDecrypter(key);
            // the JDK's own agreement takes 0.7 ms, most of what an answer costs
            decrypter.getJCAContext().setProvider(P256.fastProvider());
            jwe.decrypt(decrypter);
            return StrictJson.object(jwe.getPayload().toString(), LONGEST);
        } catch (ParseException | JOSEException | IllegalArgumentException unreadable) {
            throw new Malformed("the response cannot be decrypted");
        }
    }

    /** Before the library sees anything: it takes other algorithms too, and trips over a header that names none. */
    private static void checkHeader(String response, String keyId) throws Malformed {
        Map<String, @Nullable Object> header = header(response);
        boolean asAsked = "ECDH-ES".equals(header.get("alg"))
                && header.get("enc") instanceof String method
                && METHODS.contains(method)
                && !header.containsKey("zip")
                && !header.containsKey("crit")
                && (!header.containsKey("kid") || keyId.equals(header.get("kid")));
        if (!asAsked) {
            throw new Malformed(
                    "the response must be encrypted with ECDH-ES and A128GCM or A256GCM to the key of the request");
        }
        // on the curve, or else a wrong point could tell of the private key
        PublicJwk.parse(header.get("epk"));
    }

    private static Map<String, @Nullable Object> header(String response) throws Malformed {
        try {
            return StrictJson.object(new String(CompactJwe.header(response), StandardCharsets.UTF_8));
        } catch (Malformed noHeader) {
            // says no more than that it is no JWE
            throw new Malformed("the response cannot be decrypted");
        }
    }

    private static ECKey parse(String privateJwk) {
        try {
            return ECKey.parse(privateJwk);
        } catch (ParseException damaged) {
            throw new IllegalStateException("a response key is damaged", damaged);
        }
    }
}
