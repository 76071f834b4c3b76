package city.madang.identity.types;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a type as JSON, in the names of OpenID4VCI 1.0 §12.2.4: in the database, in the API and in the metadata. */
public final class TypeJson {

    private TypeJson() {}

    public static Map<String, Object> display(Display display) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", display.name());
        json.put("locale", display.locale());
        putIfPresent(json, "description", display.description());
        putIfPresent(json, "background_color", display.backgroundColor());
        putIfPresent(json, "text_color", display.textColor());
        Display.@Nullable Logo logo = display.logo();
        if (logo != null) {
            Map<String, Object> image = new LinkedHashMap<>();
            image.put("uri", logo.uri());
            putIfPresent(image, "alt_text", logo.altText());
            json.put("logo", image);
        }
        return json;
    }

    public static Map<String, Object> claim(Claim claim) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", claim.path());
        json.put("mandatory", claim.mandatory());
        json.put("display", claim.display().stream().map(TypeJson::label).toList());
        return json;
    }

    private static Map<String, Object> label(Claim.Label label) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", label.name());
        json.put("locale", label.locale());
        return json;
    }

    /** {@code key_attestations_required}: a member is absent where any level will do. */
    public static Map<String, Object> keyAttestation(KeyAttestation attestation) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!attestation.keyStorage().isEmpty()) {
            json.put("key_storage", attestation.keyStorage());
        }
        if (!attestation.userAuthentication().isEmpty()) {
            json.put("user_authentication", attestation.userAuthentication());
        }
        return json;
    }

    static List<Display> displays(String json) {
        return objects(new JsonArray(json)).stream()
                .map(object -> {
                    @Nullable JsonObject logo = object.getJsonObject("logo");
                    return new Display(
                            object.getString("name"),
                            object.getString("locale"),
                            object.getString("description"),
                            object.getString("background_color"),
                            object.getString("text_color"),
                            logo == null ? null : new Display.Logo(logo.getString("uri"), logo.getString("alt_text")));
                })
                .toList();
    }

    static List<Claim> claims(String json) {
        return objects(new JsonArray(json)).stream()
                .map(object -> new Claim(
                        strings(object.getJsonArray("path")),
                        objects(object.getJsonArray("display")).stream()
                                .map(label -> new Claim.Label(label.getString("name"), label.getString("locale")))
                                .toList(),
                        object.getBoolean("mandatory", false)))
                .toList();
    }

    static KeyAttestation keyAttestation(JsonObject json) {
        return new KeyAttestation(
                strings(json.getJsonArray("key_storage")), strings(json.getJsonArray("user_authentication")));
    }

    private static List<JsonObject> objects(@Nullable JsonArray array) {
        return array == null
                ? List.of()
                : array.stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> strings(@Nullable JsonArray array) {
        return array == null
                ? List.of()
                : array.stream().map(String.class::cast).toList();
    }

    private static void putIfPresent(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
