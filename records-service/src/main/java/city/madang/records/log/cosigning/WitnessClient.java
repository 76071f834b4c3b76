package city.madang.records.log.cosigning;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.worker.BackToCaller;
import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.witness.AddCheckpoint;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Speaks to witnesses over connections that are kept. Bounded in time and in what it reads. */
@ApplicationScoped
class WitnessClient {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final int OK = 200;
    private static final int CONFLICT = 409;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @PreDestroy
    void close() {
        http.shutdownNow();
    }

    /** @param prefix the witness's submission prefix; fails when it cannot be reached */
    Uni<WitnessAnswer> addCheckpoint(String prefix, AddCheckpoint request) {
        // what follows may need the context, and the answer arrives on a thread of the client
        return BackToCaller.of(Uni.createFrom().completionStage(() -> http.sendAsync(
                        HttpRequest.newBuilder(URI.create(prefix.replaceFirst("/+$", "") + "/add-checkpoint"))
                                .timeout(ANSWER)
                                .header("Content-Type", "text/plain; charset=utf-8")
                                .POST(HttpRequest.BodyPublishers.ofString(request.format()))
                                .build(),
                        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), SignedNote.LONGEST))
                .thenApply(WitnessClient::answer)));
    }

    static WitnessAnswer answer(HttpResponse<byte[]> response) {
        String body = new String(response.body(), UTF_8);
        String type = response.headers().firstValue("Content-Type").orElse("");
        try {
            if (response.statusCode() == OK) {
                return new WitnessAnswer.Signed(SignedNote.signatureLines(body));
            }
            if (response.statusCode() == CONFLICT && type.equals(AddCheckpoint.SIZE_TYPE) && body.endsWith("\n")) {
                return new WitnessAnswer.At(Checkpoint.size(body.substring(0, body.length() - 1)));
            }
            return new WitnessAnswer.Refused("it answered " + response.statusCode());
        } catch (Malformed wrong) {
            return new WitnessAnswer.Refused("it answered nonsense: " + wrong.getMessage());
        }
    }
}
