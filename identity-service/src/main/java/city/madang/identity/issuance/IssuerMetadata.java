package city.madang.identity.issuance;

import city.madang.identity.language.LocalText;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.Format;
import city.madang.identity.types.TypeJson;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this issuer says about itself and its credentials (OpenID4VCI 1.0 clause 12, SD-JWT VC type metadata). */
@ApplicationScoped
public class IssuerMetadata {

    private static final LocalText CITY = new LocalText("마당시", "City of Madang");

    private final IdentitySettings settings;

    IssuerMetadata(IdentitySettings settings) {
        this.settings = settings;
    }

    Map<String, Object> credentialIssuer(List<CredentialType> types) {
        Map<String, Object> configurations = new LinkedHashMap<>();
        for (CredentialType type : types) {
            configurations.put(type.id(), configuration(type));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("credential_issuer", settings.issuer());
        json.put("authorization_servers", List.of(settings.issuer()));
        json.put("credential_endpoint", settings.issuer() + "/credential");
        json.put("nonce_endpoint", settings.issuer() + "/nonce");
        json.put("batch_credential_issuance", Map.of("batch_size", KeyProofs.MOST));
        json.put("display", display(CITY));
        json.put("credential_configurations_supported", configurations);
        return json;
    }

    private Map<String, Object> configuration(CredentialType type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", type.format().text());
        json.put("scope", type.id());
        if (type.format() == Format.SD_JWT_VC) {
            json.put("vct", settings.vct(type.name()));
            json.put("cryptographic_binding_methods_supported", List.of("jwk"));
            json.put("credential_signing_alg_values_supported", List.of("ES256"));
        } else {
            json.put("doctype", type.name());
            json.put("cryptographic_binding_methods_supported", List.of("cose_key"));
            json.put("credential_signing_alg_values_supported", List.of(-7));
        }
        json.put(
                "proof_types_supported", Map.of("jwt", Map.of("proof_signing_alg_values_supported", List.of("ES256"))));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("display", type.display().stream().map(TypeJson::display).toList());
        metadata.put("claims", type.claims().stream().map(TypeJson::claim).toList());
        json.put("credential_metadata", metadata);
        return json;
    }

    /** SD-JWT VC Type Metadata. {@code lang} is what {@code locale} was called in earlier drafts. */
    Map<String, Object> type(CredentialType type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("vct", settings.vct(type.name()));
        json.put("name", type.display().getFirst().name());
        json.put(
                "display",
                type.display().stream()
                        .map(display -> localized("name", display.name(), display.locale()))
                        .toList());
        json.put(
                "claims",
                type.claims().stream()
                        .map(claim -> Map.of(
                                "path",
                                claim.path(),
                                "display",
                                claim.display().stream()
                                        .map(label -> localized("label", label.name(), label.locale()))
                                        .toList(),
                                "sd",
                                "always"))
                        .toList());
        return json;
    }

    private static List<Map<String, String>> display(LocalText text) {
        return List.of(Map.of("name", text.ko(), "locale", "ko"), Map.of("name", text.en(), "locale", "en"));
    }

    private static Map<String, String> localized(String member, String text, String locale) {
        return Map.of(member, text, "locale", locale, "lang", locale);
    }
}
