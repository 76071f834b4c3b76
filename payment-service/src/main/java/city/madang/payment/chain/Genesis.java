package city.madang.payment.chain;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The hash of a chain's first block, which tells one chain from another of the same id. Blocking. */
final class Genesis {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String QUESTION =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x0\",false]}";

    private Genesis() {}

    static String hash(String rpcUrl) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(rpcUrl))
                            .timeout(TIMEOUT)
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonObject block = new JsonObject(answer.body()).getJsonObject("result");
            if (block == null) {
                throw new IOException("the node did not tell its first block");
            }
            return block.getString("hash");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopping);
        }
    }
}
