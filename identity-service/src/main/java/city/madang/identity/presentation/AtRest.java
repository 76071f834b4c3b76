package city.madang.identity.presentation;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.kit.keys.Keyring;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps what is secret of a presentation unreadable in the database and its backups: AES-256-GCM with a key for each presentation,
 * derived from a signature that only the keyring can make (Ed25519 is deterministic, RFC 8032 §5.1.6). Blocking.
 */
@ApplicationScoped
public class AtRest {

    private static final String KEY_ID = "presentation/at-rest";
    private static final String DERIVATION = "madang: presentations at rest, version 1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Keyring keyring;

    /** Derived once: the same for as long as the keyring holds its key. */
    private volatile byte[] master = new byte[0];

    AtRest(Keyring keyring) {
        this.keyring = keyring;
    }

    /** What is kept of a presentation; one kind cannot be put in the place of another. */
    enum Kind {
        ENCRYPTION_KEY,
        RESULT
    }

    String seal(UUID presentation, Kind kind, String clear) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, presentation, kind, nonce)
                    .doFinal(clear.getBytes(StandardCharsets.UTF_8));
            return Base64Url.encode(nonce) + "." + Base64Url.encode(sealed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java has no AES-GCM", broken);
        }
    }

    String open(UUID presentation, Kind kind, String sealed) {
        try {
            int dot = sealed.indexOf('.');
            byte[] nonce = Base64Url.decode(sealed.substring(0, Math.max(dot, 0)));
            return new String(
                    cipher(Cipher.DECRYPT_MODE, presentation, kind, nonce)
                            .doFinal(Base64Url.decode(sealed.substring(dot + 1))),
                    StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | Malformed damaged) {
            throw new IllegalStateException("presentation " + presentation + " is damaged", damaged);
        }
    }

    private Cipher cipher(int mode, UUID presentation, Kind kind, byte[] nonce) throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(master(), "HmacSHA256"));
        byte[] key = derivation.doFinal((kind + ":" + presentation).getBytes(StandardCharsets.US_ASCII));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private byte[] master() {
        if (master.length == 0) {
            keyring.createIfAbsent(KEY_ID, Keyring.Algorithm.ED25519);
            master = Sha256.of(keyring.sign(KEY_ID, DERIVATION.getBytes(StandardCharsets.US_ASCII)));
        }
        return master;
    }
}
