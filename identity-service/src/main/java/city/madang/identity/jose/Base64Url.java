package city.madang.identity.jose;

import java.util.Base64;

/** Base64url without padding (RFC 7515 appendix C); one text for each byte string, no other is read. */
public final class Base64Url {

    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static byte[] decode(String text) throws Malformed {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (!encode(bytes).equals(text)) {
                throw new Malformed("not canonical base64url");
            }
            return bytes;
        } catch (IllegalArgumentException broken) {
            throw new Malformed("not base64url");
        }
    }
}
