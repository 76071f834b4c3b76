package city.madang.verifier;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the bytes of a file say of its seal, before any library opens the file. Whoever made it can't make this service unpack or interpret anything: a
 * document is opened only when an agency's key has signed all of it.
 */
sealed interface SealBytes {

    /** No signature is in it. */
    record None() implements SealBytes {}

    /** It is not of the form that it begins like. The sentence says why. */
    record Malformed(Text why) implements SealBytes {}

    /**
     * There is one.
     *
     * @param signer first of the chain; the key that the signature verifies with
     * @param holds whether it verifies over the bytes that it names
     * @param whole whether these are all of the file
     * @param claimed when it was made, as the signer says
     */
    record Signed(
            X509Certificate signer, List<X509Certificate> sent, boolean holds, boolean whole, Optional<Instant> claimed)
            implements SealBytes {}
}
