package city.madang.identity.cbor;

import city.madang.identity.jose.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CBOR (RFC 8949) from strangers as plain Java: Long, byte[], String, List, Map (keys String, Long, or ByteBuffer for a byte
 * string), Boolean, Double, {@link Tagged}, and null.
 *
 * <p>Refused: bytes after the end, indefinite lengths, repeated keys, integers beyond 64 bits, text that is not UTF-8, NaN and
 * the infinities, simple values other than the three of JSON, and more depth or items than a document needs. A declared
 * length allocates nothing before that much input is there. Heads longer than they need be are read: whoever hashes or
 * verifies does so on the bytes as sent.
 */
public final class CborReader {

    /** Containers and tags within each other. Embedded CBOR counts anew. */
    static final int DEEPEST = 16;

    /** Items in one reading; the largest documents have some hundreds. */
    static final int MOST_ITEMS = 16_384;

    private static final int INDEFINITE = 31;

    private final byte[] input;
    private final int mostItems;
    private int at;
    private int items;

    private CborReader(byte[] input, int mostItems) {
        this.input = input;
        this.mostItems = mostItems;
    }

    /**
     * The one item that {@code cbor} is.
     *
     * @throws Malformed with the reason
     */
    public static @Nullable Object read(byte[] cbor) throws Malformed {
        return read(cbor, MOST_ITEMS);
    }

    /** As {@link #read(byte[])}, for what has more items than a document. */
    public static @Nullable Object read(byte[] cbor, int mostItems) throws Malformed {
        CborReader reader = new CborReader(cbor, mostItems);
        @Nullable Object item = reader.item(DEEPEST);
        if (reader.at != cbor.length) {
            throw new Malformed("bytes follow the CBOR item");
        }
        return item;
    }

    private @Nullable Object item(int deeper) throws Malformed {
        if (deeper == 0) {
            throw new Malformed("CBOR is nested too deeply");
        }
        if (++items > mostItems) {
            throw new Malformed("CBOR has too many items");
        }
        int start = at;
        int head = octet();
        int major = head >>> 5;
        int info = head & 31;
        if (major == 7) {
            return simple(info);
        }
        long argument = argument(info);
        return switch (major) {
            case 0 -> argument;
            case 1 -> -1 - argument;
            case 2 -> take(argument);
            case 3 -> text(take(argument));
            case 4 -> array(argument, deeper);
            case 5 -> map(argument, deeper);
            default -> {
                @Nullable Object content = item(deeper - 1);
                yield new Tagged(argument, content, Arrays.copyOfRange(input, start, at));
            }
        };
    }

    private List<@Nullable Object> array(long length, int deeper) throws Malformed {
        if (length > input.length - at) {
            throw new Malformed("CBOR ends too early");
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            elements.add(item(deeper - 1));
        }
        return elements;
    }

    private Map<Object, @Nullable Object> map(long length, int deeper) throws Malformed {
        if (length > (input.length - at) / 2) {
            throw new Malformed("CBOR ends too early");
        }
        Map<Object, @Nullable Object> members = new LinkedHashMap<>();
        for (long i = 0; i < length; i++) {
            @Nullable Object key = item(deeper - 1);
            if (key instanceof byte[] bytes) {
                key = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            }
            if (!(key instanceof String || key instanceof Long || key instanceof ByteBuffer)) {
                throw new Malformed("a CBOR map's keys must be text, integers or byte strings");
            }
            if (members.containsKey(key)) {
                throw new Malformed("a CBOR map repeats a key");
            }
            members.put(key, item(deeper - 1));
        }
        return members;
    }

    private @Nullable Object simple(int info) throws Malformed {
        return switch (info) {
            case 20 -> Boolean.FALSE;
            case 21 -> Boolean.TRUE;
            case 22 -> null;
            case 25 -> finite(Float.float16ToFloat((short) number(2)));
            case 26 -> finite(Float.intBitsToFloat((int) number(4)));
            case 27 -> finite(Double.longBitsToDouble(number(8)));
            default -> throw new Malformed("a CBOR simple value is not understood");
        };
    }

    private static Double finite(double number) throws Malformed {
        if (!Double.isFinite(number)) {
            throw new Malformed("a CBOR number is not finite");
        }
        return number;
    }

    private long argument(int info) throws Malformed {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw new Malformed(
                    info == INDEFINITE ? "CBOR of indefinite length is not taken" : "a CBOR head is malformed");
        }
        long argument = number(1 << (info - 24));
        if (argument < 0) {
            throw new Malformed("a CBOR integer is too large");
        }
        return argument;
    }

    private long number(int octets) throws Malformed {
        long number = 0;
        for (int i = 0; i < octets; i++) {
            number = number << 8 | octet();
        }
        return number;
    }

    private int octet() throws Malformed {
        if (at >= input.length) {
            throw new Malformed("CBOR ends too early");
        }
        return input[at++] & 0xff;
    }

    private byte[] take(long length) throws Malformed {
        if (length > input.length - at) {
            throw new Malformed("CBOR ends too early");
        }
        int from = at;
        at += (int) length;
        return Arrays.copyOfRange(input, from, at);
    }

    private static String text(byte[] utf8) throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new Malformed("CBOR text is not UTF-8");
        }
    }
}
