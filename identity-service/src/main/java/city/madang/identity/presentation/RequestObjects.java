package city.madang.identity.presentation;

import city.madang.identity.settings.IdentitySettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request object says (OpenID4VP 1.0 §5, HAIP 1.0 §5). */
@ApplicationScoped
public class RequestObjects {

    /** A wallet fetches the object right before it answers. */
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    /** COSE: ES256, and ESP256, which names the curve too. */
    private static final List<Integer> COSE_ALGORITHMS = List.of(-7, -9);

    private final IdentitySettings settings;

    RequestObjects(IdentitySettings settings) {
        this.settings = settings;
    }

    /** @param encryptionKey private JWK made for this request; null if the answer is not to be encrypted */
    Map<String, Object> payload(
            PresentationEntity presentation, @Nullable String encryptionKey, @Nullable String walletNonce) {
        Instant now = Instant.now();
        Instant end = now.plus(LIFETIME);
        Instant expires = end.isBefore(presentation.expiresAt) ? end : presentation.expiresAt;
        Map<String, Object> payload = new LinkedHashMap<>();
        if (presentation.prefix() != ClientIdPrefix.DECENTRALIZED_IDENTIFIER) {
            // wallets are to ignore it (§5); those that do not compare it with the kid, which is below the bare DID
            payload.put("iss", presentation.clientId);
        }
        payload.put("aud", "https://self-issued.me/v2");
        payload.put("iat", now.getEpochSecond());
        payload.put("exp", expires.getEpochSecond());
        payload.put("client_id", presentation.clientId);
        payload.put("response_type", "vp_token");
        payload.put("response_mode", presentation.responseMode);
        payload.put("response_uri", settings.issuer() + "/response/" + presentation.id);
        payload.put("nonce", presentation.nonce);
        payload.put("state", presentation.walletState);
        payload.put("dcql_query", presentation.dcqlJson());
        payload.put("client_metadata", clientMetadata(encryptionKey));
        List<String> transactionData = presentation.transactionDataTexts();
        if (!transactionData.isEmpty()) {
            payload.put("transaction_data", transactionData);
        }
        if (walletNonce != null) {
            payload.put("wallet_nonce", walletNonce);
        }
        return payload;
    }

    private static Map<String, Object> clientMetadata(@Nullable String encryptionKey) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (encryptionKey != null) {
            metadata.put("jwks", Map.of("keys", List.of(ResponseKey.publicJwk(encryptionKey))));
            metadata.put("encrypted_response_enc_values_supported", List.of("A128GCM", "A256GCM"));
        }
        metadata.put(
                "vp_formats_supported",
                Map.of(
                        "dc+sd-jwt",
                        Map.of("sd-jwt_alg_values", List.of("ES256"), "kb-jwt_alg_values", List.of("ES256")),
                        "mso_mdoc",
                        Map.of("issuerauth_alg_values", COSE_ALGORITHMS, "deviceauth_alg_values", COSE_ALGORITHMS)));
        return metadata;
    }
}
