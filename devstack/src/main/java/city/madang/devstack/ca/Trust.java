package city.madang.devstack.ca;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS that believes one root alone. */
public final class Trust {

    private Trust() {}

    /** @param root PEM */
    public static SSLContext only(Path root) {
        return only(root, null);
    }

    /**
     * The same, with certificates to show.
     *
     * @param root PEM
     * @param shown null for none
     */
    public static SSLContext only(Path root, KeyManager @Nullable [] shown) {
        try (var pem = Files.newInputStream(root)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null);
            store.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(shown, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalStateException("the root certificate cannot be used", unusable);
        }
    }
}
