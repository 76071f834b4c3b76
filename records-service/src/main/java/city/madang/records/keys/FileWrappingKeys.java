package city.madang.records.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Wrapping keys in files of mode 600 under {@code <madang.data-dir>/keys}, for development only. */
public class FileWrappingKeys implements WrappingKeys {

    private static final int BYTES = 32;
    private static final Pattern FILE = Pattern.compile("documents(?:-([1-9][0-9]{0,8}))?\\.aes");

    private final Path folder;
    private final String environment;
    private final SecureRandom random = new SecureRandom();
    private final Map<Path, SecretKey> held = new ConcurrentHashMap<>();

    /** @param environment {@code development}, or nothing works */
    public FileWrappingKeys(Path folder, String environment) {
        this.folder = folder;
        this.environment = environment;
    }

    @Override
    public int current(String agency) {
        Path own = own(agency);
        int latest = 0;
        if (Files.isDirectory(own)) {
            try (Stream<Path> files = Files.list(own)) {
                for (Path file : files.toList()) {
                    Matcher name = FILE.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        latest = Math.max(
                                latest, name.group(1) == null ? FIRST_VERSION : Integer.parseInt(name.group(1)));
                    }
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        if (latest == 0) {
            create(agency, FIRST_VERSION);
            return FIRST_VERSION;
        }
        return latest;
    }

    @Override
    public byte[] wrap(String agency, SecretKey key) {
        int version = current(agency);
        try {
            Cipher wrap = Cipher.getInstance("AESWrap");
            wrap.init(Cipher.WRAP_MODE, of(agency, version));
            byte[] wrapped = wrap.wrap(key);
            return WrappingKeys.versioned(version, wrapped);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot wrap keys", broken);
        }
    }

    @Override
    public SecretKey unwrap(String agency, byte[] wrapped) {
        int version = WrappingKeys.version(wrapped);
        try {
            Cipher unwrap = Cipher.getInstance("AESWrap");
            unwrap.init(Cipher.UNWRAP_MODE, of(agency, version));
            return (SecretKey) unwrap.unwrap(WrappingKeys.unversioned(wrapped), "AES", Cipher.SECRET_KEY);
        } catch (GeneralSecurityException refused) {
            throw new IllegalStateException(
                    "a key cannot be unwrapped by version " + version + " of the key of " + agency, refused);
        }
    }

    @Override
    public void create(String agency, int version) {
        Path own = own(agency);
        Path file = file(agency, version);
        if (Files.exists(file)) {
            return;
        }
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        try {
            Files.createDirectories(own);
            Path part = Files.createTempFile(
                    own,
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
            force(own);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void destroy(String agency, int version) {
        Path file = file(agency, version);
        held.remove(file);
        try {
            if (Files.deleteIfExists(file)) {
                force(own(agency));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private SecretKey of(String agency, int version) {
        return held.computeIfAbsent(file(agency, version), FileWrappingKeys::load);
    }

    private static SecretKey load(Path file) {
        try {
            byte[] key = Files.readAllBytes(file);
            if (key.length != BYTES) {
                throw new IllegalStateException("a wrapping key is damaged");
            }
            return new SecretKeySpec(key, "AES");
        } catch (NoSuchFileException gone) {
            throw new IllegalStateException("this version of the wrapping key is not there, or was destroyed", gone);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path file(String agency, int version) {
        return own(agency).resolve(version == FIRST_VERSION ? "documents.aes" : "documents-" + version + ".aes");
    }

    private Path own(String agency) {
        if (!environment.equals("development")) {
            throw new IllegalStateException("keys in files are for development; set madang.keys.store=pkcs11");
        }
        WrappingKeys.requireSlug(agency);
        return folder.resolve("agency").resolve(agency);
    }
}
