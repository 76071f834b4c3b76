package city.madang.records.agencies;

/** Signs with an agency's seal key. */
@FunctionalInterface
public interface SealSigner {

    /** A DER-encoded ECDSA signature on P-256 over SHA-256 of the message. Blocking. */
    byte[] sign(String agency, byte[] message);
}
