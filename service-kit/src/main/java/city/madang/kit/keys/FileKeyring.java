package city.madang.kit.keys;

import city.madang.kit.p256.P256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys in files of mode 600, each private key as its {@link Guard} leaves it. */
final class FileKeyring implements Keyring {

    private static final Pattern ID = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)*");

    private final Path folder;
    private final Guard guard;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    private record Held(Algorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {}

    /** How a private key stands in its file. */
    interface Guard {

        /** @param id what the key is for: bytes closed for one id do not open for another */
        byte[] closed(String id, byte[] privateKey);

        /** @throws IllegalStateException if they were altered, or closed for another id or by another guard */
        byte[] opened(String id, byte[] closed);
    }

    FileKeyring(Path folder, Guard guard) {
        this.folder = folder;
        this.guard = guard;
    }

    @Override
    public PublicKey createIfAbsent(String id, Algorithm algorithm) {
        return held.computeIfAbsent(id, absent -> {
                    Held stored = read(id);
                    return stored == null ? create(id, algorithm) : stored;
                })
                .publicKey();
    }

    @Override
    public Optional<PublicKey> publicKey(String id) {
        return Optional.ofNullable(find(id)).map(Held::publicKey);
    }

    @Override
    public byte[] sign(String id, byte[] message) {
        Held key = find(id);
        if (key == null) {
            throw new IllegalArgumentException("no key " + id);
        }
        if (key.algorithm() == Algorithm.ES256) {
            return P256.sign(key.privateKey(), message);
        }
        try {
            Signature signature = Signature.getInstance(jca(key.algorithm()));
            signature.initSign(key.privateKey());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("key " + id + " does not sign", broken);
        }
    }

    private @Nullable Held find(String id) {
        return held.computeIfAbsent(id, this::read);
    }

    private Held create(String id, Algorithm algorithm) {
        try {
            KeyPairGenerator generator;
            if (algorithm == Algorithm.ES256) {
                generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator = KeyPairGenerator.getInstance(jca(algorithm));
            }
            KeyPair pair = generator.generateKeyPair();
            write(id, algorithm, pair);
            return new Held(algorithm, usable(algorithm, pair.getPrivate().getEncoded()), pair.getPublic());
        } catch (FileAlreadyExistsException raced) {
            Held other = read(id);
            if (other == null) {
                throw new UncheckedIOException(raced);
            }
            return other;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java cannot make a key for " + algorithm, broken);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void write(String id, Algorithm algorithm, KeyPair pair) throws IOException {
        Path file = path(id);
        Files.createDirectories(file.getParent());
        String text = algorithm.name()
                + "\n"
                + Base64.getEncoder()
                        .encodeToString(guard.closed(id, pair.getPrivate().getEncoded()))
                + "\n"
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n";
        Path part = Files.createTempFile(
                file.getParent(),
                ".key",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(part, text, StandardOpenOption.SYNC);
            // a link fails where a move would overwrite: whoever comes second uses the first one's key
            Files.createLink(file, part);
        } finally {
            Files.delete(part);
        }
    }

    private @Nullable Held read(String id) {
        Path file = path(id);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            Algorithm algorithm = Algorithm.valueOf(lines.get(0));
            KeyFactory factory = KeyFactory.getInstance(jca(algorithm));
            return new Held(
                    algorithm,
                    usable(algorithm, guard.opened(id, Base64.getDecoder().decode(lines.get(1)))),
                    factory.generatePublic(
                            new X509EncodedKeySpec(Base64.getDecoder().decode(lines.get(2)))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException damaged) {
            throw new IllegalStateException("key file of " + id + " is damaged", damaged);
        }
    }

    private static PrivateKey usable(Algorithm algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return algorithm == Algorithm.ES256
                ? P256.privateKey(pkcs8)
                : KeyFactory.getInstance(jca(algorithm)).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static String jca(Algorithm algorithm) {
        return switch (algorithm) {
            case ES256 -> "EC";
            case ED25519 -> "Ed25519";
            case ML_DSA_44 -> "ML-DSA-44";
        };
    }

    private Path path(String id) {
        requireId(id);
        return folder.resolve(id + ".key");
    }

    /** @throws IllegalArgumentException if it is none: an id is part of a file's name */
    static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not a key id");
        }
    }
}
