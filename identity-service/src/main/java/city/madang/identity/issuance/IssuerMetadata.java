package city.madang.identity.issuance;

import city.madang.identity.jwks.Jwk;
import city.madang.identity.jwks.Jwks;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.Format;
import city.madang.identity.types.KeyAttestation;
import city.madang.identity.types.TypeJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this issuer says about itself and its credentials (OpenID4VCI 1.0 §12.2.4); {@link IssuerDocument} describes it. */
@ApplicationScoped
public class IssuerMetadata {

    private static final List<Map<String, String>> CITY =
            List.of(Map.of("name", "마당시", "locale", "ko"), Map.of("name", "City of Madang", "locale", "en"));

    /** COSE: ECDSA with SHA-256, and the same with P-256 named (RFC 9864). */
    private static final List<Integer> COSE_ES256 = List.of(-7, -9);

    /** OpenID4VCI 1.0 §12.2.4: {@code batch_size} must be 2 or greater. */
    private static final int SMALLEST_BATCH = 2;

    private final IdentitySettings settings;

    IssuerMetadata(IdentitySettings settings) {
        this.settings = settings;
    }

    /** @param encryptionKey public JWK that requests may be encrypted to */
    Map<String, Object> of(List<CredentialType> types, Jwk encryptionKey) {
        String issuer = settings.issuer();
        Map<String, Object> configurations = new LinkedHashMap<>();
        types.forEach(type -> configurations.put(type.id(), configuration(type)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("credential_issuer", issuer);
        json.put("authorization_servers", List.of(issuer));
        json.put("credential_endpoint", issuer + "/credential");
        json.put("nonce_endpoint", issuer + "/nonce");
        json.put("deferred_credential_endpoint", issuer + "/deferred-credential");
        json.put("notification_endpoint", issuer + "/notification");
        json.put("credential_request_encryption", requestEncryption(encryptionKey));
        json.put("credential_response_encryption", responseEncryption());
        json.put("batch_credential_issuance", Map.of("batch_size", batchSize(types)));
        json.put("display", CITY);
        json.put("credential_configurations_supported", configurations);
        return json;
    }

    /** The largest of all types; of a type with less, fewer copies are issued than keys were proven. */
    private static int batchSize(List<CredentialType> types) {
        return types.stream().mapToInt(CredentialType::batchSize).reduce(SMALLEST_BATCH, Math::max);
    }

    private static Map<String, Object> requestEncryption(Jwk key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jwks", new Jwks(List.of(key)));
        json.put("enc_values_supported", MessageEncryption.METHODS);
        json.put("encryption_required", false);
        return json;
    }

    private static Map<String, Object> responseEncryption() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("alg_values_supported", List.of(MessageEncryption.ALGORITHM));
        json.put("enc_values_supported", MessageEncryption.METHODS);
        json.put("zip_values_supported", List.of(MessageEncryption.COMPRESSION));
        json.put("encryption_required", false);
        return json;
    }

    private Map<String, Object> configuration(CredentialType type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", type.format().text());
        json.put("scope", type.id());
        if (type.format() == Format.SD_JWT_VC) {
            json.put("vct", settings.vct(type.name()));
            json.put("cryptographic_binding_methods_supported", List.of("jwk", "did:jwk", "did:key"));
            json.put("credential_signing_alg_values_supported", List.of("ES256"));
        } else {
            json.put("doctype", type.name());
            json.put("cryptographic_binding_methods_supported", List.of("cose_key"));
            json.put("credential_signing_alg_values_supported", COSE_ES256);
        }
        Map<String, Object> proof = proof(type.keyAttestation());
        Map<String, Object> proofs = new LinkedHashMap<>();
        proofs.put("jwt", proof);
        proofs.put("attestation", proof);
        json.put("proof_types_supported", proofs);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("display", type.display().stream().map(TypeJson::display).toList());
        metadata.put("claims", type.claims().stream().map(TypeJson::claim).toList());
        json.put("credential_metadata", metadata);
        return json;
    }

    private static Map<String, Object> proof(@Nullable KeyAttestation required) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("proof_signing_alg_values_supported", List.of("ES256"));
        if (required != null) {
            json.put("key_attestations_required", TypeJson.keyAttestation(required));
        }
        return json;
    }
}
