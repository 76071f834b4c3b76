package city.madang.identity.cbor;

import city.madang.identity.jose.Malformed;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CBOR map whose members are of known kinds; refuses what is absent or of another kind, naming the member.
 *
 * @param name of the structure, for the reason in {@link Malformed}
 */
public record CborMap(String name, Map<Object, @Nullable Object> members) {

    @SuppressWarnings("unchecked") // the reader makes no other maps
    public static CborMap of(@Nullable Object item, String name) throws Malformed {
        if (item instanceof Map<?, ?> map) {
            return new CborMap(name, (Map<Object, @Nullable Object>) map);
        }
        throw new Malformed(name + " must be a map");
    }

    /** The map that these bytes encode. */
    public static CborMap read(byte[] cbor, String name) throws Malformed {
        return of(CborReader.read(cbor), name);
    }

    public boolean has(Object key) {
        return members.containsKey(key);
    }

    public @Nullable Object get(Object key) {
        return members.get(key);
    }

    public CborMap map(Object key) throws Malformed {
        return of(get(key), key + " of " + name);
    }

    public String text(Object key) throws Malformed {
        if (get(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "text");
    }

    public long integer(Object key) throws Malformed {
        if (get(key) instanceof Long number) {
            return number;
        }
        throw wrong(key, "an integer");
    }

    public byte[] bytes(Object key) throws Malformed {
        if (get(key) instanceof byte[] bytes) {
            return bytes;
        }
        throw wrong(key, "a byte string");
    }

    @SuppressWarnings("unchecked") // any element is an object
    public List<@Nullable Object> array(Object key) throws Malformed {
        if (get(key) instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw wrong(key, "an array");
    }

    private Malformed wrong(Object key, String kind) {
        return new Malformed(key + " of " + name + " must be " + kind);
    }
}
