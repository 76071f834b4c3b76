package city.madang.journey;

import city.madang.devstack.ca.Trust;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An HTTPS client that trusts the development CA and nothing else, and sits out a service that is being restarted. */
public final class Portal {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A killed service is back well within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Set<Integer> TRANSIENT = Set.of(502, 503, 504);

    private final City city;
    private final SSLContext tls;
    private final HttpClient http;

    public Portal(City city) {
        this.city = city;
        this.tls = trusting(city.rootCertificate());
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** A client with cookies and without redirects, as a browser's core is. */
    HttpClient browser() {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** For another client that trusts the same. */
    HttpClient.Builder trusting() {
        return HttpClient.newBuilder().sslContext(tls);
    }

    public City city() {
        return city;
    }

    /** An answer of any status. */
    public record Answer(int status, byte[] body, HttpHeaders headers) {

        public String contentType() {
            return header("Content-Type");
        }

        /** The first field of this name; empty if there is none. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException notJson) {
                throw new JourneyFailed("expected JSON, got " + contentType());
            }
        }

        /** Fails unless the status is 2xx. */
        Answer orFail(String what) {
            if (status / 100 != 2) {
                throw new JourneyFailed(what + ": " + status + " " + text());
            }
            return this;
        }
    }

    public JsonNode get(String path, @Nullable String token) {
        return fetch(path, token).orFail("GET " + path).json();
    }

    public Answer fetch(String path, @Nullable String token) {
        return send(request(path, token).GET());
    }

    /** A request as it is given, with a path of the city, in which a service that is being restarted is waited for. */
    public Answer exchange(String method, String path, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(city.at(path)).timeout(ANSWER);
        headers.forEach(request::header);
        return send(request.method(method, BodyPublishers.ofByteArray(body)));
    }

    public JsonNode put(String path, String token, JsonNode body) {
        return send(json(request(path, token)).PUT(BodyPublishers.ofString(body.toString())))
                .orFail("PUT " + path)
                .json();
    }

    public JsonNode post(String path, String token, JsonNode body) {
        return send(json(request(path, token)).POST(BodyPublishers.ofString(body.toString())))
                .orFail("POST " + path)
                .json();
    }

    public Answer postBytes(String path, String contentType, byte[] body) {
        return send(request(path, null).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(city.at(path)).timeout(ANSWER).header("Accept", "application/json, */*");
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request) {
        return request.header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
                if (!TRANSIENT.contains(response.statusCode()) || Instant.now().isAfter(deadline)) {
                    return new Answer(response.statusCode(), response.body(), response.headers());
                }
            } catch (IOException broken) {
                if (Instant.now().isAfter(deadline)) {
                    throw new JourneyFailed(request.build().uri() + ": " + broken);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new JourneyFailed("interrupted");
            }
            pause();
        }
    }

    /** What one request of a browser is answered. */
    static HttpResponse<String> send(HttpClient browser, HttpRequest.Builder request) {
        try {
            return browser.send(request.build(), BodyHandlers.ofString());
        } catch (IOException broken) {
            // without the query, in which codes travel
            throw new JourneyFailed(request.build().uri().getPath() + ": " + broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    /** What a browser is answered at an address. */
    static HttpResponse<String> open(HttpClient browser, String address) {
        return send(browser, HttpRequest.newBuilder(URI.create(address)));
    }

    static void pause() {
        try {
            Thread.sleep(BETWEEN);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    private static SSLContext trusting(Path rootCertificate) {
        try {
            return Trust.only(rootCertificate);
        } catch (IllegalStateException unusable) {
            throw new JourneyFailed("the root certificate cannot be used: " + unusable.getCause());
        }
    }
}
