package city.madang.records.documents;

import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Wrapping keys in files of mode 600 under {@code <madang.data-dir>/keys}, for development only. */
@ApplicationScoped
public class FileWrappingKeys implements WrappingKeys {

    private static final int BYTES = 32;
    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private final Path folder;
    private final String environment;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKey> held = new ConcurrentHashMap<>();

    FileWrappingKeys(RecordsConfig config) {
        this.folder = config.dataDir().resolve("keys");
        this.environment = config.environment();
    }

    @Override
    public SecretKey of(String agency) {
        if (!environment.equals("development")) {
            throw new IllegalStateException("keys in files are for development; configure a key store");
        }
        if (!SLUG.matcher(agency).matches()) {
            throw new IllegalArgumentException("not an agency's id");
        }
        return held.computeIfAbsent(agency, this::load);
    }

    private SecretKey load(String agency) {
        Path file = folder.resolve("agency").resolve(agency).resolve("documents.aes");
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != BYTES) {
                throw new IllegalStateException("the wrapping key of " + agency + " is damaged");
            }
            return new SecretKeySpec(key, "AES");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void create(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        Path part = Files.createTempFile(
                file.getParent(),
                ".aes",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(part, key, StandardOpenOption.SYNC);
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException raced) {
            // the other one's key is as good
        } finally {
            Files.delete(part);
        }
    }
}
