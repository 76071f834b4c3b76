package city.madang.records.keys;

import javax.crypto.SecretKey;

/**
 * Wraps the keys of records with the key of their agency, which never leaves this port. A wrapped key is the version of the agency's key (4
 * bytes, big endian) and 40 bytes of AES key wrap (RFC 3394). Blocking.
 */
public interface WrappingKeys {

    int FIRST_VERSION = 1;

    /** The latest version, with which {@link #wrap} wraps; the first is made now if there is none. */
    int current(String agency);

    byte[] wrap(String agency, SecretKey key);

    /** @throws IllegalStateException if it was wrapped by another agency's key, was altered, or its version was destroyed */
    SecretKey unwrap(String agency, byte[] wrapped);

    /** Makes a version, the latest from now on; harmless when repeated. */
    void create(String agency, int version);

    /** Destroys a version for ever; harmless when repeated. */
    void destroy(String agency, int version);
}
