package city.madang.records.documents;

import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Blobs as files under {@code <madang.data-dir>/blobs}, for development; production takes an object store. */
@ApplicationScoped
public class FolderBlobStore implements BlobStore {

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;

    FolderBlobStore(RecordsConfig config) {
        this.folder = config.dataDir().resolve("blobs");
    }

    @Override
    public String put(byte[] bytes) {
        String name = sha256(bytes);
        Path target = path(name);
        try {
            Files.createDirectories(target.getParent());
            Path part = Files.createTempFile(target.getParent(), ".blob", ".part");
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return name;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public byte[] get(String name) {
        try {
            byte[] bytes = Files.readAllBytes(path(name));
            if (!sha256(bytes).equals(name)) {
                throw new IllegalStateException("blob " + name + " was altered");
            }
            return bytes;
        } catch (NoSuchFileException gone) {
            throw new IllegalStateException("blob " + name + " is gone", gone);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path path(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a blob's name");
        }
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
