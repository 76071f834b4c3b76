package city.madang.identity.mdoc;

import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Element values as plain Java: dates and times as they are written, embedded CBOR as its bytes, a map's keys as text. */
final class ElementValues {

    private ElementValues() {}

    /** @throws Malformed if a tag is not of these, or two keys of a map are the same as text */
    static @Nullable Object plain(@Nullable Object value) throws Malformed {
        return switch (value) {
            case null -> null;
            case Tagged tagged -> untagged(tagged);
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>(list.size());
                for (Object element : list) {
                    elements.add(plain(element));
                }
                yield elements;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                for (Map.Entry<?, ?> member : map.entrySet()) {
                    String key = String.valueOf(member.getKey());
                    if (member.getKey() instanceof ByteBuffer) {
                        throw new Malformed("a value's keys must be text or integers");
                    }
                    if (members.containsKey(key)) {
                        throw new Malformed("a value's keys cannot be told apart");
                    }
                    members.put(key, plain(member.getValue()));
                }
                yield members;
            }
            default -> value;
        };
    }

    /** Text and numbers under whatever tag are what they are (RFC 8949 §6.1); bytes are so only where they embed CBOR. */
    private static Object untagged(Tagged tagged) throws Malformed {
        return switch (tagged.content()) {
            case String text -> text;
            case Long number -> number;
            case Double number -> number;
            case byte[] bytes when tagged.number() == Tagged.ENCODED_CBOR -> bytes;
            case null, default -> throw new Malformed("a value's tag is not understood");
        };
    }
}
