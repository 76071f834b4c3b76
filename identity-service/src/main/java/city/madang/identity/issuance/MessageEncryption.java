package city.madang.identity.issuance;

import city.madang.identity.jose.CompactJwe;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encrypted requests and responses (OpenID4VCI 1.0 clause 10): ECDH-ES on P-256 with A128GCM or A256GCM. An answer is compressed for
 * the wallet that asks for it; nothing is ever decompressed, so that no small message becomes a large one. Blocking.
 */
final class MessageEncryption {

    /** In the metadata and taken. */
    static final List<String> METHODS = List.of("A128GCM", "A256GCM");

    static final String ALGORITHM = "ECDH-ES";

    /** {@code zip} of answers (RFC 7516 §4.1.3). */
    static final String COMPRESSION = "DEF";

    /** Far above a batch of proofs with attestations. */
    private static final int LONGEST = 256 * 1024;

    private static final Set<EncryptionMethod> TAKEN = Set.of(EncryptionMethod.A128GCM, EncryptionMethod.A256GCM);

    private MessageEncryption() {}

    /** Opens a request that was encrypted to one of our keys; refuses it with the reason. */
    static String decrypt(String jwe, RequestKeys keys) throws Malformed {
        if (jwe.length() > LONGEST) {
            throw new Malformed("the encrypted request is too long");
        }
        try {
            String compact = jwe.strip();
            JWEObject parsed = JWEObject.parse(compact);
            JWEHeader header = parsed.getHeader();
            if (!JWEAlgorithm.ECDH_ES.equals(header.getAlgorithm()) || !TAKEN.contains(header.getEncryptionMethod())) {
                throw new Malformed("the request must be encrypted with ECDH-ES and A128GCM or A256GCM");
            }
            if (header.getCompressionAlgorithm() != null) {
                throw new Malformed("a compressed request is not taken");
            }
            if (header.getCriticalParams() != null) {
                throw new Malformed("no critical extension is understood");
            }
            @Nullable String kid = header.getKeyID();
            if (kid == null) {
                throw new Malformed("the encrypted request must name its key by kid");
            }
            ECKey key = keys.find(kid)
                    .orElseThrow(() -> new Malformed("the request is encrypted to a key that is not in the metadata"));
            mustHaveOneSpelling(compact);
            parsed.decrypt(new ECDHDecrypter(key));
            return parsed.getPayload().toString();
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException broken) {
            throw new Malformed("the encrypted request cannot be read");
        }
    }

    private static void mustHaveOneSpelling(String compact) throws Malformed {
        try {
            CompactJwe.header(compact);
        } catch (Malformed another) {
            throw new Malformed("the encrypted request cannot be read");
        }
    }

    /**
     * What a wallet asks its answer to be encrypted with ({@code credential_response_encryption}).
     *
     * @param kid of the wallet's key, to be repeated
     * @param compressed whether the answer is to be compressed first
     */
    record Recipient(PublicJwk key, EncryptionMethod method, @Nullable String kid, boolean compressed) {

        /** @throws Malformed with the reason, for {@code invalid_encryption_parameters} */
        static Recipient read(@Nullable Object json) throws Malformed {
            if (!(json instanceof Map<?, ?> parameters) || !(parameters.get("jwk") instanceof Map<?, ?> jwk)) {
                throw new Malformed("credential_response_encryption must hold jwk and enc");
            }
            if (!(parameters.get("enc") instanceof String enc) || !METHODS.contains(enc)) {
                throw new Malformed("enc must be A128GCM or A256GCM");
            }
            if (parameters.containsKey("zip") && !COMPRESSION.equals(parameters.get("zip"))) {
                throw new Malformed("zip must be DEF");
            }
            // alg stood beside the jwk in drafts, which some wallets still follow
            @Nullable Object algorithm = jwk.containsKey("alg") ? jwk.get("alg") : parameters.get("alg");
            if (!ALGORITHM.equals(algorithm)
                    || (parameters.containsKey("alg") && !ALGORITHM.equals(parameters.get("alg")))) {
                throw new Malformed("alg of the jwk must be ECDH-ES");
            }
            if (jwk.containsKey("use") && !"enc".equals(jwk.get("use"))) {
                throw new Malformed("the jwk must be for encryption");
            }
            @Nullable Object kid = jwk.get("kid");
            if (kid != null && !(kid instanceof String)) {
                throw new Malformed("kid of the jwk must be a text");
            }
            PublicJwk key = PublicJwk.parse(jwk);
            return new Recipient(key, EncryptionMethod.parse(enc), (String) kid, parameters.containsKey("zip"));
        }

        /** The answer as compact JWE. */
        String encrypt(String json) {
            try {
                JWEObject jwe = new JWEObject(
                        new JWEHeader.Builder(JWEAlgorithm.ECDH_ES, method)
                                .keyID(kid)
                                .compressionAlgorithm(compressed ? CompressionAlgorithm.DEF : null)
                                .build(),
                        new Payload(json));
                jwe.encrypt(new ECDHEncrypter(key.toKey()));
                return Objects.requireNonNull(jwe.serialize());
            } catch (JOSEException | Malformed broken) {
                throw new IllegalStateException("the answer cannot be encrypted", broken);
            }
        }
    }
}
