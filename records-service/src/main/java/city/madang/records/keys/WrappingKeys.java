package city.madang.records.keys;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * Wraps the keys of records with the key of their agency, which never leaves this port. A wrapped key is the version of the agency's key (4
 * bytes, big endian) and what the store makes of it: 40 bytes of AES key wrap (RFC 3394) with keys in files. Blocking.
 */
public interface WrappingKeys {

    int FIRST_VERSION = 1;

    /** Bytes of the version before a wrapped key. */
    int VERSION_BYTES = 4;

    /** The latest version, with which {@link #wrap} wraps; the first is made now if there is none. */
    int current(String agency);

    byte[] wrap(String agency, SecretKey key);

    /** @throws IllegalStateException if it was wrapped by another agency's key, was altered, or its version was destroyed */
    SecretKey unwrap(String agency, byte[] wrapped);

    /** Makes a version, the latest from now on; harmless when repeated. */
    void create(String agency, int version);

    /** Destroys a version for ever; harmless when repeated. */
    void destroy(String agency, int version);

    /** @throws IllegalArgumentException if it is no agency's id: ids are part of names of keys */
    static void requireSlug(String agency) {
        if (!agency.matches("[a-z][a-z0-9-]{1,30}")) {
            throw new IllegalArgumentException("not an agency's id");
        }
    }

    static byte[] versioned(int version, byte[] wrapped) {
        return ByteBuffer.allocate(VERSION_BYTES + wrapped.length)
                .putInt(version)
                .put(wrapped)
                .array();
    }

    /** @throws IllegalStateException if it is no wrapped key */
    static int version(byte[] versioned) {
        if (versioned.length <= VERSION_BYTES) {
            throw new IllegalStateException("not a wrapped key");
        }
        return ByteBuffer.wrap(versioned).getInt();
    }

    static byte[] unversioned(byte[] versioned) {
        return Arrays.copyOfRange(versioned, VERSION_BYTES, versioned.length);
    }
}
