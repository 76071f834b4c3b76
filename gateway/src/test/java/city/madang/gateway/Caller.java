package city.madang.gateway;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A caller of the gateway: by an HTTP client, or byte by byte where a client would tidy up the request. */
public final class Caller {

    private static final int TIMEOUT_MS = 15_000;

    /** The address from which the gateway under test believes what is said about callers. */
    public static final String TRUSTED = "127.0.0.77";

    private final SSLContext tls;
    private final int port;
    private final String address;

    public Caller(String authorityPem, int port) {
        this(authorityPem, port, new KeyManager[0], "127.0.0.1");
    }

    private Caller(String authorityPem, int port, KeyManager[] keys, String address) {
        this.port = port;
        this.address = address;
        try (InputStream pem = Files.newInputStream(Path.of(authorityPem))) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            tls = SSLContext.getInstance("TLS");
            tls.init(keys, factory.getTrustManagers(), null);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A caller who proves himself by certificate. */
    public static Caller with(KeyManager[] keys, String authorityPem, int port) {
        return new Caller(authorityPem, port, keys, "127.0.0.1");
    }

    /** The same caller from another address of this machine. */
    public Caller from(String otherAddress) {
        return new Caller(tls, port, otherAddress);
    }

    private Caller(SSLContext tls, int port, String address) {
        this.tls = tls;
        this.port = port;
        this.address = address;
    }

    /** What came back on a socket that was read to its end. */
    public record Answer(int status, List<String> head, String body) {

        public List<String> all(String header) {
            String prefix = header.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .toList();
        }

        public String header(String name) {
            List<String> values = all(name);
            return values.isEmpty() ? null : values.getFirst();
        }

        public JsonObject json() {
            return new JsonObject(body);
        }
    }

    public HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .version(version)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** The version of TLS that the gateway chooses from those offered. */
    public String agreed(String... offered) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setEnabledProtocols(offered);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    /** The cipher suite of TLS 1.2 that the entry chooses of these. */
    public String agreedSuite(String... offered) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(offered);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    /** The certificate that the gateway shows to a new connection. */
    public Certificate shown() throws IOException {
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.startHandshake();
            Certificate shown = socket.getSession().getPeerCertificates()[0];
            // the next connection is to shake hands anew
            socket.getSession().invalidate();
            return shown;
        }
    }

    public HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + pathAndQuery))
                .timeout(Duration.ofMillis(TIMEOUT_MS));
    }

    public Socket connect() throws IOException {
        Socket socket = tls.getSocketFactory()
                .createSocket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(address), 0);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    /** One request line with the usual fields, on a connection of its own. */
    public Answer line(String requestLine, String... fields) throws IOException {
        StringBuilder request = new StringBuilder(requestLine).append("\r\nHost: localhost\r\nConnection: close\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return raw(request.append("\r\n").toString());
    }

    /** Exactly these bytes. */
    public Answer raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        }
    }

    public static Answer read(Socket socket) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // an answer may be cut; its beginning still counts
            if (bytes.size() == 0) {
                throw e;
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no head in: " + text);
        }
        List<String> head = text.substring(0, end).lines().toList();
        return new Answer(Integer.parseInt(head.getFirst().split(" ")[1]), head, text.substring(end + 4));
    }
}
