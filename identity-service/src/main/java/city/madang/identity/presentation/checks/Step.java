package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Malformed;
import java.util.Locale;

/** The checks of an answer, in their order (OpenID4VP 1.0 §8.6). */
public enum Step {
    /** Decryption, form, {@code state}. */
    RESPONSE,
    /** The issuer's signature, its chain up to the root, its right to issue the type, what was disclosed is what was signed. */
    SIGNATURE,
    /** The credential holds now. */
    VALIDITY,
    /** The holder signed the presentation; in an mdoc, for this nonce, verifier and response endpoint. */
    KEY_BINDING,
    NONCE,
    AUDIENCE,
    /** The holder signed the transaction data. */
    TRANSACTION_DATA,
    /** What was given is what was asked for, no less and no more. */
    QUERY,
    /** The credential was neither revoked nor suspended. */
    STATUS;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A check that gives something. */
    @FunctionalInterface
    interface Check<T> {
        T run() throws Malformed;
    }

    /** A check that gives nothing. */
    @FunctionalInterface
    interface Test {
        void run() throws Malformed;
    }

    <T> T check(Check<T> check) throws Failed {
        try {
            return check.run();
        } catch (Malformed malformed) {
            throw new Failed(this, malformed);
        }
    }

    void test(Test test) throws Failed {
        try {
            test.run();
        } catch (Malformed malformed) {
            throw new Failed(this, malformed);
        }
    }
}
