package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Base64Url;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of mdoc elements as JSON (RFC 8949 §6.1): byte strings become base64url. */
final class JsonValues {

    private JsonValues() {}

    static Map<String, @Nullable Object> of(Map<?, ?> map) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        map.forEach((name, value) -> json.put(String.valueOf(name), value(value)));
        return json;
    }

    private static @Nullable Object value(@Nullable Object value) {
        return switch (value) {
            case byte[] bytes -> Base64Url.encode(bytes);
            case Map<?, ?> map -> of(map);
            case List<?> list -> {
                List<@Nullable Object> json = new ArrayList<>();
                list.forEach(each -> json.add(value(each)));
                yield json;
            }
            case null, default -> value;
        };
    }
}
