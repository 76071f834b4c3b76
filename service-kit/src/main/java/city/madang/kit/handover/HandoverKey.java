package city.madang.kit.handover;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.vertx.core.json.JsonObject;
import java.text.ParseException;

/**
 * A key pair made for one application, so that destroying it makes every copy of what was encrypted to it unreadable.
 * ECDH-ES on P-256 with A256GCM (RFC 7518 §4.6, §5.3).
 */
public final class HandoverKey {

    private HandoverKey() {}

    /** A new private JWK as JSON text; the receiver keeps it beside the application until the handover is done. */
    public static String generate() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate().toJSONString();
        } catch (JOSEException broken) {
            throw new IllegalStateException("this Java has no P-256", broken);
        }
    }

    /** The public JWK, to be put into an event. */
    public static JsonObject publicJwk(String privateJwk) {
        try {
            return new JsonObject(ECKey.parse(privateJwk).toPublicJWK().toJSONString());
        } catch (ParseException malformed) {
            throw new IllegalArgumentException("not an EC JWK", malformed);
        }
    }

    /**
     * Encrypts {@code content} to the receiver; the result is a compact JWE.
     *
     * @throws IllegalArgumentException if {@code publicJwk} is not a P-256 key
     */
    public static String encrypt(JsonObject content, JsonObject publicJwk) {
        try {
            JWEObject jwe = new JWEObject(
                    new JWEHeader(JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM), new Payload(content.encode()));
            jwe.encrypt(new ECDHEncrypter(ECKey.parse(publicJwk.encode())));
            return jwe.serialize();
        } catch (ParseException | JOSEException unusable) {
            throw new IllegalArgumentException("not a key to encrypt to", unusable);
        }
    }

    /** @throws IllegalArgumentException if {@code jwe} was not encrypted to this key or was altered */
    public static JsonObject decrypt(String jwe, String privateJwk) {
        try {
            JWEObject parsed = JWEObject.parse(jwe);
            if (!JWEAlgorithm.ECDH_ES.equals(parsed.getHeader().getAlgorithm())
                    || !EncryptionMethod.A256GCM.equals(parsed.getHeader().getEncryptionMethod())) {
                throw new IllegalArgumentException("not an ECDH-ES, A256GCM handover");
            }
            parsed.decrypt(new ECDHDecrypter(ECKey.parse(privateJwk)));
            return new JsonObject(parsed.getPayload().toString());
        } catch (ParseException | JOSEException unusable) {
            throw new IllegalArgumentException("the handover cannot be read", unusable);
        }
    }
}
