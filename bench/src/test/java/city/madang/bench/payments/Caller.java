package city.madang.bench.payments;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** A client as clients should be: what got no certain answer is sent again, the very same, until it has one. */
final class Caller {

    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI service;
    private final AtomicInteger repeated = new AtomicInteger();

    Caller(URI service) {
        this.service = service;
    }

    /** Requests that had to be sent more than once. */
    int repeated() {
        return repeated.get();
    }

    /** The answer of a POST once it is certain: neither a lost connection nor a 5xx. */
    HttpResponse<String> post(String path, String token, String key, String body) throws InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(ANSWER)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", "\"" + key + "\"");
        }
        var end = Instant.now().plus(LONGEST);
        var first = true;
        while (true) {
            try {
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 500) {
                    return answer;
                }
            } catch (IOException uncertain) {
                // it may or may not have been done
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("no answer to " + path + " within " + LONGEST);
            }
            if (first) {
                repeated.incrementAndGet();
                first = false;
            }
            Thread.sleep(PAUSE);
        }
    }
}
