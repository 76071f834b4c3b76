package city.madang.records.documents;

import city.madang.records.documents.blobs.BlobStore;
import city.madang.records.documents.cipher.SegmentReader;
import city.madang.records.documents.cipher.SegmentWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * A document that is not kept yet: encrypted in a file of its own under a key that is nowhere but in memory, so that what a crash
 * leaves behind nobody can read. Closing removes the file.
 */
public final class Draft implements AutoCloseable {

    static final String PREFIX = "draft-";

    private static final int BUFFER = 1 << 17;

    private final Path file;
    private final SecretKey key;
    private final UUID id;
    private final BlobStore blobs;
    private final Supplier<byte[]> wrapped;
    private final MessageDigest plain = sha256();
    private final MessageDigest sealed = sha256();
    private final OutputStream out;
    private long length;
    private String name = "";

    Draft(Path file, SecretKey key, UUID id, SecureRandom random, BlobStore blobs, Supplier<byte[]> wrapped)
            throws IOException {
        this.file = file;
        this.key = key;
        this.id = id;
        this.blobs = blobs;
        this.wrapped = wrapped;
        this.out = new SegmentWriter(
                new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER), sealed),
                key,
                id,
                random);
    }

    static Path file(Path folder) throws IOException {
        return Files.createTempFile(
                folder, PREFIX, "", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    public void write(byte[] bytes, int offset, int count) throws IOException {
        out.write(bytes, offset, count);
        plain.update(bytes, offset, count);
        length += count;
    }

    /** No more is written. */
    public void finish() throws IOException {
        out.close();
    }

    /** Bytes written so far. */
    public long length() {
        return length;
    }

    /** SHA-256 of what was written, once; 32 bytes. */
    public byte[] digest() {
        return plain.digest();
    }

    /** What was written, read back from the disk and decrypted. */
    public InputStream read() throws IOException {
        return new SegmentReader(new BufferedInputStream(Files.newInputStream(file), BUFFER), key, id);
    }

    /** The name that the blob will have, once nothing more is written. */
    public String name() {
        if (name.isEmpty()) {
            name = HexFormat.of().formatHex(sealed.digest());
        }
        return name;
    }

    /** Puts it into the blob store; from now on only a row that names it is missing. */
    public Vault.Kept publish() throws IOException {
        blobs.put(name(), file);
        return new Vault.Kept(name(), wrapped.get());
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
