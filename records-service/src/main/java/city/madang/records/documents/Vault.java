package city.madang.records.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps documents: AES-256-GCM under a key of the document's own, bound to the record's id, that key wrapped by the
 * agency's (RFC 3394). Destroying the wrapped key makes every copy unreadable. Blocking.
 */
@ApplicationScoped
public class Vault {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final BlobStore blobs;
    private final WrappingKeys keys;
    private final SecureRandom random = new SecureRandom();

    Vault(BlobStore blobs, WrappingKeys keys) {
        this.blobs = blobs;
        this.keys = keys;
    }

    /**
     * Where a document is and how to read it.
     *
     * @param blob name in the blob store
     * @param wrappedKey 40 bytes
     */
    public record Kept(String blob, byte[] wrappedKey) {}

    public Kept keep(String agency, UUID record, byte[] document) {
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        try {
            Key own = new SecretKeySpec(key, "AES");
            byte[] encrypted = gcm(Cipher.ENCRYPT_MODE, own, nonce, record).doFinal(document);
            byte[] blob = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
            System.arraycopy(encrypted, 0, blob, NONCE_BYTES, encrypted.length);
            Cipher wrap = Cipher.getInstance("AESWrap");
            wrap.init(Cipher.WRAP_MODE, keys.of(agency));
            return new Kept(blobs.put(blob), wrap.wrap(own));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot encrypt", broken);
        }
    }

    /** @throws IllegalStateException if the blob is gone, was altered or belongs to another record */
    public byte[] read(String agency, UUID record, Kept kept) {
        byte[] blob = blobs.get(kept.blob());
        try {
            Cipher unwrap = Cipher.getInstance("AESWrap");
            unwrap.init(Cipher.UNWRAP_MODE, keys.of(agency));
            Key own = unwrap.unwrap(kept.wrappedKey(), "AES", Cipher.SECRET_KEY);
            return gcm(Cipher.DECRYPT_MODE, own, Arrays.copyOf(blob, NONCE_BYTES), record)
                    .doFinal(blob, NONCE_BYTES, blob.length - NONCE_BYTES);
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException("the document of record " + record + " cannot be read", unreadable);
        }
    }

    private static Cipher gcm(int mode, Key key, byte[] nonce, UUID record) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(record.toString().getBytes(UTF_8));
        return cipher;
    }
}
