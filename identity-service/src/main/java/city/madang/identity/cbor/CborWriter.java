package city.madang.identity.cbor;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR with the core deterministic encoding (RFC 8949 §4.2.1): shortest heads, definite lengths, shortest exact
 * floats. {@link #value} sorts a map's keys; whoever writes {@link #map} heads decides on the order of its members.
 * Grows as needed and can be used again; not for several threads at once.
 */
public final class CborWriter {

    private static final int DEEPEST = CborReader.DEEPEST;

    private byte[] buffer;
    private int length;

    public CborWriter(int capacity) {
        buffer = new byte[Math.max(capacity, 64)];
    }

    /** Forgets what was written, keeps the room. */
    public CborWriter again() {
        length = 0;
        return this;
    }

    public int length() {
        return length;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    /** The digest of what was written from {@code from} on. */
    public byte[] digestFrom(int from, MessageDigest digest) {
        digest.update(buffer, from, length - from);
        return digest.digest();
    }

    public CborWriter integer(long value) {
        return value >= 0 ? head(0, value) : head(1, -1 - value);
    }

    public CborWriter bytes(byte[] value) {
        return head(2, value.length).put(value, 0, value.length);
    }

    public CborWriter bytes(byte[] source, int from, int count) {
        return head(2, count).put(source, from, count);
    }

    public CborWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return head(3, utf8.length).put(utf8, 0, utf8.length);
    }

    /** The head of an array; its elements are to follow. */
    public CborWriter array(int size) {
        return head(4, size);
    }

    /** The head of a map; keys and values are to follow in turns. */
    public CborWriter map(int size) {
        return head(5, size);
    }

    /** A tag; what it is put on is to follow. */
    public CborWriter tag(long number) {
        return head(6, number);
    }

    /** {@code #6.24(bstr)} of what the other has written. */
    public CborWriter embed(CborWriter other) {
        return tag(Tagged.ENCODED_CBOR).bytes(other.buffer, 0, other.length);
    }

    /** One item that is encoded already. */
    public CborWriter encoded(byte[] item) {
        return put(item, 0, item.length);
    }

    /** A {@code tdate} in UTC, cut to whole seconds. */
    public CborWriter dateTime(Instant value) {
        return tag(Tagged.DATE_TIME).text(value.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    public CborWriter nothing() {
        return octet(0xf6);
    }

    /**
     * Plain Java: null, String, Boolean, numbers, byte[], LocalDate (full-date), Instant (tdate), List, and Map with
     * String or integer keys.
     *
     * @throws IllegalArgumentException for anything else, too much depth, and numbers that are not finite or not 64 bits
     */
    public CborWriter value(@Nullable Object value) {
        return value(value, DEEPEST);
    }

    private CborWriter value(@Nullable Object value, int deeper) {
        if (deeper == 0) {
            throw new IllegalArgumentException("nested too deeply for CBOR");
        }
        return switch (value) {
            case null -> nothing();
            case String text -> text(text);
            case Boolean truth -> octet(truth ? 0xf5 : 0xf4);
            case BigInteger big when big.bitLength() < Long.SIZE -> integer(big.longValue());
            case BigDecimal decimal -> decimal(decimal.doubleValue());
            case Double number -> decimal(number);
            case Float number -> decimal(number);
            case Long number -> integer(number);
            case Integer number -> integer(number);
            case Short number -> integer(number);
            case Byte number -> integer(number);
            case byte[] bytes -> bytes(bytes);
            case LocalDate date -> tag(Tagged.FULL_DATE).text(date.toString());
            case Instant time -> dateTime(time);
            case List<?> list -> {
                array(list.size());
                for (Object element : list) {
                    value(element, deeper - 1);
                }
                yield this;
            }
            case Map<?, ?> members -> sorted(members, deeper);
            default -> throw new IllegalArgumentException("no CBOR for " + value.getClass());
        };
    }

    private CborWriter sorted(Map<?, ?> members, int deeper) {
        record Member(byte[] key, @Nullable Object value) {}
        Member[] sorted = new Member[members.size()];
        int i = 0;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            Object key = member.getKey();
            if (!(key instanceof String || key instanceof Integer || key instanceof Long)) {
                throw new IllegalArgumentException("a map's keys must be text or integers");
            }
            sorted[i++] = new Member(new CborWriter(0).value(key).toBytes(), member.getValue());
        }
        Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
        map(sorted.length);
        for (Member member : sorted) {
            encoded(member.key).value(member.value, deeper - 1);
        }
        return this;
    }

    private CborWriter decimal(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("a number is not finite");
        }
        float single = (float) number;
        if (single != number) {
            return octet(0xfb).number(Double.doubleToRawLongBits(number), 8);
        }
        short half = Float.floatToFloat16(single);
        return Float.float16ToFloat(half) == single
                ? octet(0xf9).number(half, 2)
                : octet(0xfa).number(Float.floatToRawIntBits(single), 4);
    }

    private CborWriter head(int major, long argument) {
        int type = major << 5;
        if (argument < 24) {
            return octet(type | (int) argument);
        }
        if (argument <= 0xff) {
            return octet(type | 24).octet((int) argument);
        }
        if (argument <= 0xffff) {
            return octet(type | 25).number(argument, 2);
        }
        if (argument <= 0xffff_ffffL) {
            return octet(type | 26).number(argument, 4);
        }
        return octet(type | 27).number(argument, 8);
    }

    private CborWriter number(long value, int octets) {
        for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
        return this;
    }

    private CborWriter octet(int value) {
        room(1);
        buffer[length++] = (byte) value;
        return this;
    }

    private CborWriter put(byte[] source, int from, int count) {
        room(count);
        System.arraycopy(source, from, buffer, length, count);
        length += count;
        return this;
    }

    private void room(int count) {
        if (buffer.length - length < count) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, count), buffer.length * 2));
        }
    }
}
