package city.madang.devstack.testing.description;

import city.madang.devstack.testing.description.ApiDescription.Answer;
import io.quarkus.test.common.http.TestHTTPResourceManager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fails a test that gets a success answer from the service under test which is not as the service describes it. */
public final class DescribedAnswers {

    private static @Nullable ApiDescription description;

    private DescribedAnswers() {}

    /** @throws AssertionError naming the operation and what is wrong, never what the answer says */
    public static void check(Answer answer) {
        if (answer.status() / 100 != 2) {
            return;
        }
        List<String> faults = description().faults(answer);
        if (!faults.isEmpty()) {
            throw new AssertionError(answer + " is not as it is described: " + String.join("; ", faults));
        }
    }

    /** The same for all settings that tests give a service. */
    private static synchronized ApiDescription description() {
        ApiDescription known = description;
        if (known == null) {
            known = ApiDescription.of(fetched());
            description = known;
        }
        return known;
    }

    private static String fetched() {
        URI at = URI.create(TestHTTPResourceManager.getUri() + "/q/openapi?format=json");
        try (HttpClient http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("the service does not describe itself: " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException broken) {
            throw new AssertionError("the service does not describe itself", broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
