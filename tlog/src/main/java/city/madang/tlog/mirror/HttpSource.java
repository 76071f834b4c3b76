package city.madang.tlog.mirror;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A log at a URL. Bounded in time and size; what fails is tried again a few times. */
final class HttpSource implements LogSource, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAULT = 500;

    private final String prefix;
    private final HttpClient http;

    /** @param ca PEM file with the only roots that are trusted for TLS; the JDK's own if absent */
    HttpSource(String prefix, Optional<Path> ca) throws IOException {
        this.prefix = prefix.replaceFirst("/+$", "") + "/";
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER);
        if (ca.isPresent()) {
            builder.sslContext(trusting(ca.get()));
        }
        this.http = builder.build();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        IOException last = new IOException("not tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                if (attempt > 0) {
                    Thread.sleep(PAUSE.multipliedBy(attempt));
                }
                HttpResponse<byte[]> response = get(path);
                switch (response.statusCode()) {
                    case OK -> {
                        return Optional.of(plain(response));
                    }
                    case NOT_FOUND, GONE -> {
                        return Optional.empty();
                    }
                    default -> {
                        last = new IOException(path + ": the log answered " + response.statusCode());
                        if (response.statusCode() < SERVER_FAULT && response.statusCode() != TOO_MANY) {
                            // the same request gets the same answer
                            attempt = ATTEMPTS;
                        }
                    }
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", stopped);
            } catch (IOException failed) {
                last = new IOException(path + ": " + failed, failed);
            }
        }
        throw last;
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(prefix + path))
                        .timeout(ANSWER)
                        .header("Accept-Encoding", "gzip, identity")
                        .build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST));
    }

    private static byte[] plain(HttpResponse<byte[]> response) throws IOException {
        if (!response.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
            return response.body();
        }
        try (InputStream packed = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] plain = packed.readNBytes(LONGEST + 1);
            if (plain.length > LONGEST) {
                throw new IOException("unpacked it is longer than any part of a log");
            }
            return plain;
        }
    }

    private static SSLContext trusting(Path ca) throws IOException {
        try (InputStream pem = Files.newInputStream(ca)) {
            KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
            roots.load(null, null);
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                roots.setCertificateEntry("root-" + number++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException wrong) {
            throw new IOException(ca + " holds no certificates that can be used", wrong);
        }
    }
}
