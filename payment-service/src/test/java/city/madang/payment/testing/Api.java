package city.madang.payment.testing;

import city.madang.contracts.Bytes32;
import city.madang.devstack.testing.description.ApiDescription;
import city.madang.devstack.testing.description.DescribedAnswers;
import io.quarkus.test.common.http.TestHTTPResourceManager;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;

/** The service under test, over HTTP. */
public final class Api {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private Api() {}

    /** An answer. */
    public record Answer(int status, String body, HttpResponse<String> response) {
        public JsonObject json() {
            return new JsonObject(body);
        }

        public boolean isProblem() {
            return response.headers().firstValue("content-type").orElse("").startsWith("application/problem+json")
                    && json().getString("type").startsWith("urn:madang:problem:");
        }

        public String problem() {
            if (!isProblem()) {
                throw new AssertionError("no problem but " + status + " " + body);
            }
            return json().getString("type").replace("urn:madang:problem:", "");
        }

        public boolean replayed() {
            return response.headers().firstValue("Idempotency-Replayed").isPresent();
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    public static URI uri(String path) {
        return URI.create("http://127.0.0.1:"
                + ConfigProvider.getConfig().getValue("quarkus.http.test-port", String.class) + path);
    }

    public static HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path)).timeout(LONGEST_WAIT);
        return token == null ? builder : builder.header("authorization", "Bearer " + token);
    }

    public static HttpRequest posting(String path, String token, String body) {
        return request(path, token)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** Health and metrics, which have a port of their own. */
    public static Answer management(String path) {
        return send(HttpRequest.newBuilder(
                        URI.create(TestHTTPResourceManager.getManagementUri()).resolve(path))
                .build());
    }

    public static Answer get(String path, String token) {
        return send(request(path, token).GET().build());
    }

    public static Answer post(String path, String token, JsonObject body) {
        return send(posting(path, token, body.encode()));
    }

    /** With an Idempotency-Key, written as it goes into the header. */
    public static Answer post(String path, String token, JsonObject body, String key) {
        return send(request(path, token)
                .header("content-type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    public static CompletableFuture<Answer> postAsync(String path, String token, JsonObject body, String key) {
        HttpRequest request = request(path, token)
                .header("content-type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(Api::answer);
    }

    public static Answer put(String path, String token, JsonObject body) {
        return send(request(path, token)
                .header("content-type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    public static CompletableFuture<Answer> postAsync(String path, String token, JsonObject body) {
        return HTTP.sendAsync(posting(path, token, body.encode()), HttpResponse.BodyHandlers.ofString())
                .thenApply(Api::answer);
    }

    public static Answer send(HttpRequest request) {
        try {
            return answer(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        DescribedAnswers.check(new ApiDescription.Answer(
                response.request().method(),
                response.request().uri().getRawPath(),
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                response.body().getBytes(StandardCharsets.UTF_8)));
        return new Answer(response.statusCode(), response.body(), response);
    }

    /** The ledger's EIP-712 domain separator; waits until the service knows its ledger. */
    public static Bytes32 separator() {
        Answer answer = await(() -> get("/payment/ledger", null), found -> found.status() == 200);
        return new Bytes32(answer.json().getString("domain_separator"));
    }

    public static <T> T await(Supplier<T> source, Predicate<T> wanted) {
        Instant deadline = Instant.now().plus(LONGEST_WAIT);
        T value = source.get();
        while (!wanted.test(value)) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("waited in vain, last: " + value);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            value = source.get();
        }
        return value;
    }
}
