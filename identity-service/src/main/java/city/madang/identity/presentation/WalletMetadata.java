package city.madang.identity.presentation;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.StrictJson;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet says of itself when it asks for the request object (OpenID4VP 1.0 §5.10.1).
 *
 * @param encryption encrypts the request object for it, as RFC 9101 §6.1 nests it; null if it gave no key
 */
record WalletMetadata(@Nullable Encryption encryption) {

    static final WalletMetadata NONE = new WalletMetadata(null);

    private static final int LONGEST = 16 * 1024;
    private static final int MOST_KEYS = 20;

    record Encryption(ECPublicKey key, @Nullable String keyId, EncryptionMethod method) {}

    /** @throws Malformed if it is no JSON object, cannot read ES256, or gives keys of which none can be used */
    static WalletMetadata parse(@Nullable String json) throws Malformed {
        if (json == null) {
            return NONE;
        }
        if (json.length() > LONGEST) {
            throw new Malformed("wallet_metadata is too long");
        }
        Map<String, @Nullable Object> metadata = StrictJson.object(json);
        if (metadata.get("request_object_signing_alg_values_supported") instanceof List<?> algorithms
                && !algorithms.contains("ES256")) {
            throw new Malformed("request objects are signed with ES256 alone");
        }
        if (metadata.get("jwks") instanceof Map<?, ?> jwks
                && jwks.get("keys") instanceof List<?> keys
                && !keys.isEmpty()
                && keys.size() <= MOST_KEYS) {
            List<?> forEncryption = keys.stream()
                    .filter(key -> !(key instanceof Map<?, ?> jwk) || !"sig".equals(jwk.get("use")))
                    .toList();
            return forEncryption.isEmpty() ? NONE : new WalletMetadata(encryption(forEncryption, method(metadata)));
        }
        return NONE;
    }

    private static EncryptionMethod method(Map<String, @Nullable Object> metadata) {
        return metadata.get("request_object_encryption_enc_values_supported") instanceof List<?> methods
                        && !methods.contains("A256GCM")
                        && methods.contains("A128GCM")
                ? EncryptionMethod.A128GCM
                : EncryptionMethod.A256GCM;
    }

    private static Encryption encryption(List<?> keys, EncryptionMethod method) throws Malformed {
        for (Object each : keys) {
            boolean usable = each instanceof Map<?, ?> jwk
                    && "EC".equals(jwk.get("kty"))
                    && "P-256".equals(jwk.get("crv"))
                    && (!jwk.containsKey("use") || "enc".equals(jwk.get("use")))
                    && (!jwk.containsKey("alg") || "ECDH-ES".equals(jwk.get("alg")));
            if (usable) {
                @Nullable Object keyId = ((Map<?, ?>) each).get("kid");
                return new Encryption(
                        PublicJwk.parse(each).toKey(), keyId instanceof String text ? text : null, method);
            }
        }
        throw new Malformed("the wallet's keys hold none for ECDH-ES on P-256");
    }

    /** The object as the wallet wants it. */
    String encrypt(String requestObject) {
        if (encryption == null) {
            return requestObject;
        }
        try {
            JWEObject jwe = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, encryption.method())
                            .contentType("oauth-authz-req+jwt")
                            .keyID(encryption.keyId())
                            .build(),
                    new Payload(requestObject));
            jwe.encrypt(new ECDHEncrypter(encryption.key()));
            return jwe.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException("this Java has no ECDH-ES", broken);
        }
    }
}
