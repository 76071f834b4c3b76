package city.madang.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./madang trust}: writes the trust files that {@code ./madang verify} reads, from a running city. Whoever does this believes the connection, once; from
 * then on nobody needs to be believed.
 */
public final class TrustCommand {

    private static final String USAGE =
            """
            usage: ./madang trust DIR --from URL [--ca FILE]

            Writes ca.pem, log-policy, anchors.json, trust-list.jwt, payment-jwks.json and, with a timestamp authority, timestamp.pem into DIR. URL is the city's origin, e.g.
            https://localhost:8443; FILE holds the CA of its TLS certificate unless that is one of the well-known ones. In log-policy, say
            yourself whose cosignatures suffice: the quorum line (c2sp.org/tlog-policy).
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LONGEST = 8 * 1024 * 1024;

    private TrustCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** @return the exit code */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        @Nullable Path folder = null;
        @Nullable URI from = null;
        Optional<Path> ca = Optional.empty();
        for (int i = 0; i < arguments.length; i++) {
            boolean more = i + 1 < arguments.length;
            if (arguments[i].equals("--from") && more) {
                from = URI.create(arguments[++i]);
            } else if (arguments[i].equals("--ca") && more) {
                ca = Optional.of(Path.of(arguments[++i]));
            } else if (!arguments[i].startsWith("--") && folder == null) {
                folder = Path.of(arguments[i]);
            } else {
                err.print(USAGE);
                return 2;
            }
        }
        if (folder == null || from == null || !"https".equals(from.getScheme())) {
            err.print(USAGE);
            return 2;
        }
        try {
            write(folder, from, ca, out);
            return 0;
        } catch (IOException | GeneralSecurityException | TrustFolder.Unusable failed) {
            err.println("madang trust: " + failed.getMessage());
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void write(Path folder, URI from, Optional<Path> ca, PrintStream out)
            throws IOException, GeneralSecurityException, InterruptedException, TrustFolder.Unusable {
        try (HttpClient client = client(ca)) {
            byte[] bundle = get(client, from.resolve("/records/verify/trust"));
            @Nullable JsonNode trust = StrictJson.object(bundle);
            if (trust == null) {
                throw new IOException("the city's answer is not JSON");
            }
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(TrustFolder.ROOTS), trust.path("ca").asText());
            if (trust.has("timestamp")) {
                Files.writeString(
                        folder.resolve(TrustFolder.TIMESTAMP_ROOTS),
                        trust.path("timestamp").asText());
            }
            Files.writeString(
                    folder.resolve(TrustFolder.POLICY), trust.path("log_policy").asText());
            Files.write(folder.resolve(TrustFolder.ANCHORS), bundle);
            Files.write(folder.resolve(TrustFolder.LIST), get(client, from.resolve("/identity/trust-list")));
            Files.write(folder.resolve(TrustFolder.PAYMENT_KEYS), get(client, from.resolve("/payment/jwks")));
        }
        Trust read = TrustFolder.read(folder, Instant.now());
        for (X509Certificate root : read.roots()) {
            out.println("root  " + root.getSubjectX500Principal().getName());
            out.println("      SHA-256 "
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded())));
        }
        out.println("logs  " + read.policy().map(policy -> policy.logs().size()).orElse(0));
        out.println("written to " + folder
                + ". Compare the root's SHA-256 with the one that the city has published elsewhere.");
    }

    private static byte[] get(HttpClient client, URI url) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = client.send(
                HttpRequest.newBuilder(url).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes(LONGEST);
            if (answer.statusCode() != 200 || bytes.length == LONGEST) {
                throw new IOException(url + " answered " + answer.statusCode() + ": "
                        + new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.UTF_8));
            }
            return bytes;
        }
    }

    private static HttpClient client(Optional<Path> ca) throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        if (ca.isPresent()) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (InputStream pem = Files.newInputStream(ca.get())) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    store.setCertificateEntry("ca-" + number++, certificate);
                }
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            builder.sslContext(context);
        }
        return builder.build();
    }
}
