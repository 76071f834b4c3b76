package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import city.madang.identity.jose.Malformed;
import org.jspecify.annotations.Nullable;

/** Finds out whom a chain certifies, or refuses the chain. */
@FunctionalInterface
public interface SignerTrust {

    /** @param x5c as in a JOSE header */
    Signer of(@Nullable Object x5c) throws Malformed;
}
