package city.madang.records.retention;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.keys.Keyring;
import city.madang.records.agencies.Seal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A certificate of destruction: a compact JWS (RFC 7515) signed by the agency's seal, its certificates in {@code x5c}. Blocking. */
@ApplicationScoped
public class Certificate {

    static final String TYPE = "madang-destruction+jwt";

    private final Keyring keyring;

    Certificate(Keyring keyring) {
        this.keyring = keyring;
    }

    String sign(JsonObject claims, Seal seal) {
        JsonArray chain = new JsonArray();
        try {
            for (X509Certificate certificate : seal.chain()) {
                chain.add(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            }
        } catch (CertificateEncodingException broken) {
            throw new IllegalStateException(broken);
        }
        String header = new JsonObject()
                .put("alg", "ES256")
                .put("typ", TYPE)
                .put("x5c", chain)
                .encode();
        String input =
                base64(header.getBytes(UTF_8)) + "." + base64(claims.encode().getBytes(UTF_8));
        return input + "." + base64(keyring.sign(seal.keyId(), input.getBytes(UTF_8)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
