package city.madang.records.keys;

import city.madang.kit.keys.Token;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wrapping keys of a security module, which encrypts and decrypts itself: they are in no file and no backup, so that a version that was
 * destroyed in it is gone. Labels are {@code records/<agency>/documents/<version>}. Modules seldom let the JDK use their key wrap, so a
 * wrapped key is 60 bytes of AES-256-GCM (nonce, key, tag), for the label as additional data.
 */
public final class TokenWrappingKeys implements WrappingKeys {

    private final Token token;
    private final Path folder;

    /** @param folder shared by the processes that share the token */
    public TokenWrappingKeys(Token token, Path folder) {
        this.token = token;
        this.folder = folder;
    }

    @Override
    public int current(String agency) {
        String prefix = prefix(agency);
        int latest;
        synchronized (token) {
            token.look();
            latest = token.labels(prefix).stream()
                    .mapToInt(label -> Integer.parseInt(label.substring(prefix.length())))
                    .max()
                    .orElse(0);
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
        synchronized (token) {
            return WrappingKeys.versioned(
                    version, token.close(seen(agency, version), context(agency, version), key.getEncoded()));
        }
    }

    @Override
    public SecretKey unwrap(String agency, byte[] wrapped) {
        int version = WrappingKeys.version(wrapped);
        synchronized (token) {
            byte[] key = token.open(of(agency, version), context(agency, version), WrappingKeys.unversioned(wrapped));
            return new SecretKeySpec(key, "AES");
        }
    }

    @Override
    public void create(String agency, int version) {
        String label = prefix(agency) + version;
        token.alone(folder, () -> {
            token.look();
            SecretKey there = token.secret(label);
            return there == null ? token.createSecret(label) : there;
        });
    }

    @Override
    public void destroy(String agency, int version) {
        String label = prefix(agency) + version;
        token.alone(folder, () -> {
            token.look();
            token.destroy(label);
            return label;
        });
    }

    /** Looked for anew each time: another process may have destroyed it. */
    private SecretKey of(String agency, int version) {
        token.look();
        return seen(agency, version);
    }

    /** As the last look at the module saw it. */
    private SecretKey seen(String agency, int version) {
        SecretKey key = token.secret(prefix(agency) + version);
        if (key == null) {
            throw new IllegalStateException(
                    "version " + version + " of the wrapping key of " + agency + " is not there, or was destroyed");
        }
        return key;
    }

    private static byte[] context(String agency, int version) {
        return (prefix(agency) + version).getBytes(StandardCharsets.UTF_8);
    }

    private static String prefix(String agency) {
        WrappingKeys.requireSlug(agency);
        return "records/" + agency + "/documents/";
    }
}
