package city.madang.gateway.tokens;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/**
 * The provider that verifies P-256 in 0.04 ms instead of 0.35 ms. Loaded at first use; never in a native executable nor while one is built,
 * where this class is initialised.
 */
final class FastCrypto {

    /** Null where it does not load; libraries take that for the JDK's own. */
    static final @Nullable Provider PROVIDER = load();

    private FastCrypto() {}

    private static @Nullable Provider load() {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return null;
        }
        try {
            Signature.getInstance("SHA256withECDSA", AmazonCorrettoCryptoProvider.INSTANCE);
            return AmazonCorrettoCryptoProvider.INSTANCE;
        } catch (GeneralSecurityException | LinkageError | RuntimeException absent) {
            return null;
        }
    }
}
