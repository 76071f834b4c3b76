package city.madang.kit.keys;

import java.security.PublicKey;
import java.util.Optional;

/**
 * Private keys that sign and are never seen. A key is named by its id, e.g. {@code agency/transport/record-seal}:
 * lower-case letters, digits, {@code -} and {@code /}.
 */
public interface Keyring {

    enum Algorithm {
        /** ECDSA P-256 with SHA-256; signatures are {@code r ‖ s}, 64 bytes. */
        ES256,
        /** Ed25519 (RFC 8032); signatures are 64 bytes. */
        ED25519,
        /** ML-DSA-44 with an empty context (FIPS 204); signatures are 2420 bytes. */
        ML_DSA_44
    }

    /** The public key of {@code id}, made now if there is none yet. Safe to call again and from several threads. */
    PublicKey createIfAbsent(String id, Algorithm algorithm);

    Optional<PublicKey> publicKey(String id);

    /**
     * Signs the whole message (the hash is part of the algorithm).
     *
     * @throws IllegalArgumentException if there is no such key
     */
    byte[] sign(String id, byte[] message);
}
