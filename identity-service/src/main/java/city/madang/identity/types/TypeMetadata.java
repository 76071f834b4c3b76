package city.madang.identity.types;

import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SD-JWT VC Type Metadata (draft-ietf-oauth-sd-jwt-vc §6, §8, §9), and its integrity (§7); {@link TypeDocument} describes it. */
final class TypeMetadata {

    private TypeMetadata() {}

    /** The document that the type's {@code vct} leads to; the same text for the same type. */
    static String body(CredentialType type, String vct) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("vct", vct);
        json.put("name", nameForDevelopers(type));
        json.put("display", type.display().stream().map(TypeMetadata::display).toList());
        json.put("claims", type.claims().stream().map(TypeMetadata::claim).toList());
        return StrictJson.write(json);
    }

    /** SD-JWT VC: {@code name} is for developers, people are shown {@code display}. English where the type has it. */
    private static String nameForDevelopers(CredentialType type) {
        return type.display().stream()
                .filter(display ->
                        display.locale().equals("en") || display.locale().startsWith("en-"))
                .findFirst()
                .orElseGet(() -> type.display().getFirst())
                .name();
    }

    /** W3C Subresource Integrity §3. */
    static String integrity(String body) {
        return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Object> display(Display display) {
        Map<String, Object> json = localized("name", display.name(), display.locale());
        if (display.description() != null) {
            json.put("description", display.description());
        }
        Map<String, Object> simple = new LinkedHashMap<>();
        Display.@Nullable Logo logo = display.logo();
        if (logo != null) {
            Map<String, Object> image = new LinkedHashMap<>();
            image.put("uri", logo.uri());
            if (logo.altText() != null) {
                image.put("alt_text", logo.altText());
            }
            simple.put("logo", image);
        }
        if (display.backgroundColor() != null) {
            simple.put("background_color", display.backgroundColor());
        }
        if (display.textColor() != null) {
            simple.put("text_color", display.textColor());
        }
        if (!simple.isEmpty()) {
            json.put("rendering", Map.of("simple", simple));
        }
        return json;
    }

    private static Map<String, Object> claim(Claim claim) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", claim.path());
        List<Map<String, Object>> labels = claim.display().stream()
                .map(label -> localized("label", label.name(), label.locale()))
                .toList();
        if (!labels.isEmpty()) {
            json.put("display", labels);
        }
        json.put("mandatory", claim.mandatory());
        json.put("sd", "always");
        return json;
    }

    private static Map<String, Object> localized(String member, String text, String locale) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(member, text);
        json.put("locale", locale);
        return json;
    }
}
