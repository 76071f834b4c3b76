package city.madang.kit.keys;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Where private keys are kept. */
@ConfigMapping(prefix = "madang.keys")
public interface KeySettings {

    /** {@code FILES} (development alone) or {@code PKCS11} (a security module). */
    @WithDefault("FILES")
    Store store();

    Pkcs11 pkcs11();

    /** Kind of key store. */
    enum Store {
        FILES,
        PKCS11
    }

    /** The security module (PKCS #11 v2.40). */
    interface Pkcs11 {

        /** The vendor's library, e.g. {@code /usr/lib/softhsm/libsofthsm2.so}. */
        Optional<Path> library();

        /** Number of the slot; without one the first with a token is taken. */
        OptionalLong slot();

        /** PIN of the token's user. */
        Optional<String> pin();
    }
}
