package city.madang.identity.cbor;

import city.madang.identity.jose.Malformed;
import org.jspecify.annotations.Nullable;

/** A tagged item (RFC 8949 §3.4) with the very bytes it was read from, since digests and signatures cover these. */
public final class Tagged {

    /** {@code tdate}: a time as RFC 3339 text. */
    public static final long DATE_TIME = 0;

    /** An embedded CBOR item as a byte string. */
    public static final long ENCODED_CBOR = 24;

    /** {@code full-date} (RFC 8943): {@code YYYY-MM-DD}. */
    public static final long FULL_DATE = 1004;

    private final long number;
    private final @Nullable Object content;
    private final byte[] encoded;

    Tagged(long number, @Nullable Object content, byte[] encoded) {
        this.number = number;
        this.content = content;
        this.encoded = encoded;
    }

    public long number() {
        return number;
    }

    /** What the tag is put on, as {@link CborReader} gives it. */
    public @Nullable Object content() {
        return content;
    }

    /** Tag, head and content as they were sent. Not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    /** The item, which must be {@code #6.24(bstr)}; for a reader who needs it as it was sent too. */
    public static Tagged embedding(@Nullable Object item, String name) throws Malformed {
        if (item instanceof Tagged tagged && tagged.number == ENCODED_CBOR && tagged.content instanceof byte[]) {
            return tagged;
        }
        throw new Malformed(name + " must be embedded CBOR (tag 24)");
    }

    /** The CBOR map embedded in this. */
    public CborMap embeddedMap(String name) throws Malformed {
        return content instanceof byte[] embedded ? CborMap.read(embedded, name) : CborMap.of(content, name);
    }
}
