package city.madang.identity.secrets;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.kit.keys.Keyring;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps what is secret for a while unreadable in the database and its backups: AES-256-GCM with a key for each row, derived from a
 * signature that only the keyring can make (Ed25519 is deterministic, RFC 8032 §5.1.6). Takes some microseconds.
 */
@ApplicationScoped
public class AtRest {

    private static final String KEY_ID = "presentation/at-rest";
    private static final String DERIVATION = "madang: presentations at rest, version 1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Keyring keyring;

    /** Derived once: the same for as long as the keyring holds its key. */
    private byte[] master = new byte[0];

    AtRest(Keyring keyring) {
        this.keyring = keyring;
    }

    /** What is kept; one kind cannot be put in the place of another. */
    public enum Kind {
        /** That the answer to a presentation request is encrypted to. */
        ENCRYPTION_KEY,
        /** What a presentation disclosed. */
        RESULT,
        /** What a sign-in said of a citizen. */
        SIGN_IN
    }

    void derive(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent started) {
        keyring.createIfAbsent(KEY_ID, Keyring.Algorithm.ED25519);
        master = Sha256.of(keyring.sign(KEY_ID, DERIVATION.getBytes(StandardCharsets.US_ASCII)));
    }

    /** @param row whose secret it is */
    public String seal(UUID row, Kind kind, String clear) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, row, kind, nonce).doFinal(clear.getBytes(StandardCharsets.UTF_8));
            return Base64Url.encode(nonce) + "." + Base64Url.encode(sealed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java has no AES-GCM", broken);
        }
    }

    /** The reverse of {@link #seal}. */
    public String open(UUID row, Kind kind, String sealed) {
        try {
            int dot = sealed.indexOf('.');
            byte[] nonce = Base64Url.decode(sealed.substring(0, Math.max(dot, 0)));
            return new String(
                    cipher(Cipher.DECRYPT_MODE, row, kind, nonce).doFinal(Base64Url.decode(sealed.substring(dot + 1))),
                    StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | Malformed damaged) {
            throw new IllegalStateException("what is kept of " + row + " is damaged", damaged);
        }
    }

    private Cipher cipher(int mode, UUID row, Kind kind, byte[] nonce) throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(master, "HmacSHA256"));
        byte[] key = derivation.doFinal((kind + ":" + row).getBytes(StandardCharsets.US_ASCII));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
