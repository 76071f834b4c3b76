package city.madang.kit.keys;

import city.madang.kit.keys.Token.Pair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a security module. P-256 keys are made in it and sign in it. Few modules know Ed25519 and fewer ML-DSA-44: those keys are
 * files that an AES key of the module closes, so that a disk or a backup gives nothing away; while they sign they are in memory.
 *
 * <p>A key is made under a lock on a file, since modules let several keys have one label: processes that share a token share the folder.
 */
final class TokenKeyring implements Keyring {

    private static final String AT_REST = "madang/keys-at-rest";

    private final Token token;
    private final Path folder;
    private final FileKeyring files;
    private final Map<String, Pair> held = new ConcurrentHashMap<>();

    TokenKeyring(Token token, Path folder) {
        this.token = token;
        this.folder = folder;
        this.files = new FileKeyring(folder, new Closed());
    }

    @Override
    public PublicKey createIfAbsent(String id, Algorithm algorithm) {
        if (algorithm != Algorithm.ES256) {
            return files.createIfAbsent(id, algorithm);
        }
        Pair found = find(id);
        if (found == null) {
            found = token.alone(folder, () -> {
                token.look();
                Pair raced = token.pair(id);
                return raced == null ? token.createPair(id) : raced;
            });
            held.put(id, found);
        }
        return found.publicKey();
    }

    @Override
    public Optional<PublicKey> publicKey(String id) {
        Pair pair = find(id);
        return pair == null ? files.publicKey(id) : Optional.of(pair.publicKey());
    }

    @Override
    public byte[] sign(String id, byte[] message) {
        Pair pair = find(id);
        return pair == null ? files.sign(id, message) : token.sign(pair.privateKey(), message);
    }

    private @Nullable Pair find(String id) {
        FileKeyring.requireId(id);
        Pair known = held.get(id);
        if (known != null || files.publicKey(id).isPresent()) {
            return known;
        }
        synchronized (token) {
            Pair found = token.pair(id);
            if (found == null) {
                token.look();
                found = token.pair(id);
            }
            if (found != null) {
                held.put(id, found);
            }
            return found;
        }
    }

    /** What the module closes with its AES key, for the id that it is for. */
    private final class Closed implements FileKeyring.Guard {

        private @Nullable SecretKey key;

        @Override
        public byte[] closed(String id, byte[] privateKey) {
            return token.close(key(), id.getBytes(StandardCharsets.UTF_8), privateKey);
        }

        @Override
        public byte[] opened(String id, byte[] closed) {
            return token.open(key(), id.getBytes(StandardCharsets.UTF_8), closed);
        }

        private synchronized SecretKey key() {
            if (key == null) {
                key = token.alone(folder, () -> {
                    token.look();
                    SecretKey there = token.secret(AT_REST);
                    return there == null ? token.createSecret(AT_REST) : there;
                });
            }
            return key;
        }
    }
}
