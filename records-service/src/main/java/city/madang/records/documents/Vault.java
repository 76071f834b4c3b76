package city.madang.records.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.RecordsConfig;
import city.madang.records.documents.blobs.BlobStore;
import city.madang.records.documents.cipher.SegmentReader;
import city.madang.records.keys.WrappingKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps documents: each encrypted with a key of its own, that key wrapped by the agency's. Destroying the wrapped key makes every
 * copy unreadable. Blocking; nothing is held in memory as a whole but by {@link #keep} and {@link #read}.
 */
@ApplicationScoped
public class Vault {

    private static final int KEY_BYTES = 32;

    private final BlobStore blobs;
    private final WrappingKeys keys;
    private final Path staging;
    private final SecureRandom random = new SecureRandom();

    @Inject
    Vault(BlobStore blobs, WrappingKeys keys, RecordsConfig config) {
        this(blobs, keys, config.dataDir().resolve("staging"));
    }

    /** @param staging folder of drafts */
    public Vault(BlobStore blobs, WrappingKeys keys, Path staging) {
        this.blobs = blobs;
        this.keys = keys;
        this.staging = staging;
    }

    /**
     * Where a document is and how to read it.
     *
     * @param blob name in the blob store
     * @param wrappedKey as {@link WrappingKeys} gives it
     */
    public record Kept(String blob, byte[] wrappedKey) {}

    /** Begins a document that is written, looked at and then published or dropped. */
    public Draft draft(String agency, UUID id) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        SecretKey own = new SecretKeySpec(key, "AES");
        Files.createDirectories(staging);
        return new Draft(Draft.file(staging), own, id, random, blobs, () -> keys.wrap(agency, own));
    }

    /** Keeps a document that is in memory. */
    public Kept keep(String agency, UUID id, byte[] document) {
        try (Draft draft = draft(agency, id)) {
            draft.write(document, 0, document.length);
            draft.finish();
            return draft.publish();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A document that is known to be small. @throws IllegalStateException if it is gone, was altered or belongs to another record */
    public byte[] read(String agency, UUID id, Kept kept) {
        try (InputStream in = open(agency, id, kept)) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            in.transferTo(whole);
            return whole.toByteArray();
        } catch (IOException unreadable) {
            throw new IllegalStateException("the document of record " + id + " cannot be read", unreadable);
        }
    }

    /** The document as it is read on; what was altered fails before any of it comes out. */
    public InputStream open(String agency, UUID id, Kept kept) throws IOException {
        SecretKey own = keys.unwrap(agency, kept.wrappedKey());
        InputStream blob = blobs.open(kept.blob());
        try {
            byte[] start = blob.readNBytes(SegmentReader.headerBytes());
            InputStream whole = new SequenceInputStream(new java.io.ByteArrayInputStream(start), blob);
            return SegmentReader.startsHere(start) ? new SegmentReader(whole, own, id) : inOnePiece(whole, own, id);
        } catch (IOException | RuntimeException failed) {
            blob.close();
            throw failed;
        }
    }

    /** Documents of before segments: a nonce of 12 bytes and one ciphertext, bound to the id. */
    private static InputStream inOnePiece(InputStream in, SecretKey own, UUID id) throws IOException {
        try (in) {
            byte[] blob = in.readAllBytes();
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, own, new GCMParameterSpec(128, blob, 0, 12));
            cipher.updateAAD(id.toString().getBytes(UTF_8));
            return new java.io.ByteArrayInputStream(cipher.doFinal(blob, 12, blob.length - 12));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IOException("the document is not what was kept", unreadable);
        }
    }
}
