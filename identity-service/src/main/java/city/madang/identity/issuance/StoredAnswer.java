package city.madang.identity.issuance;

import city.madang.kit.p256.P256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept in case it was lost on its way: encrypted with a key that follows from the access token, of which this
 * service keeps only a hash. So nobody but the wallet can have it read.
 */
final class StoredAnswer {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BITS = 128;

    /** Each key encrypts one answer once, so the nonce need not differ. */
    private static final byte[] NONCE = new byte[12];

    private StoredAnswer() {}

    static byte[] seal(String token, UUID issuance, String answer) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, token, issuance).doFinal(answer.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no " + CIPHER, impossible);
        }
    }

    /** Empty if it was given under another token. */
    static Optional<String> open(String token, UUID issuance, byte[] sealed) {
        try {
            return Optional.of(
                    new String(cipher(Cipher.DECRYPT_MODE, token, issuance).doFinal(sealed), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException otherToken) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, String token, UUID issuance) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] key = mac.doFinal(("issued answer " + issuance).getBytes(StandardCharsets.US_ASCII));
        @Nullable Provider fast = P256.fastProvider();
        Cipher cipher = fast == null ? Cipher.getInstance(CIPHER) : Cipher.getInstance(CIPHER, fast);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        return cipher;
    }
}
