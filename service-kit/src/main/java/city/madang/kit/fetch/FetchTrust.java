package city.madang.kit.fetch;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Which servers' certificates are good: those of the well-known CAs, and of CAs that the operator adds. */
final class FetchTrust {

    private FetchTrust() {}

    static TrustOptions with(Path extraCa) {
        try (InputStream pem = Files.newInputStream(extraCa)) {
            List<Certificate> anchors =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            for (TrustManager wellKnown : managers(null)) {
                if (wellKnown instanceof X509TrustManager manager) {
                    for (X509Certificate issuer : manager.getAcceptedIssuers()) {
                        anchors.add(issuer);
                    }
                }
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < anchors.size(); i++) {
                store.setCertificateEntry("ca-" + i, anchors.get(i));
            }
            return TrustOptions.wrap(managers(store)[0]);
        } catch (IOException failed) {
            throw new UncheckedIOException("the extra CA cannot be read", failed);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the extra CA is no certificate", broken);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
