package city.madang.tlog.note;

import java.util.Base64;

/** Base64 of RFC 4648 §4 in its one canonical form, with padding, so that a value cannot be written in two ways. */
public final class Base64Text {

    private Base64Text() {}

    public static String of(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** @param what named in the complaint */
    public static byte[] parse(String text, String what) throws Malformed {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException wrong) {
            throw new Malformed(what + " is not base64");
        }
        if (!of(bytes).equals(text)) {
            throw new Malformed(what + " is not canonical base64");
        }
        return bytes;
    }
}
