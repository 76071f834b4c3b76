package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The page with examples by curl is what it shows: all of them are run, one after the other, as somebody would who reads it. */
@Order(7)
class CurlExamplesTest {

    private static final Path PAGE = TestStack.CHECKOUT.resolve("gateway/src/main/resources/pages/examples.html");
    private static final Pattern EXAMPLE = Pattern.compile("<pre class=\"run\">(.*?)</pre>", Pattern.DOTALL);

    @Test
    void every_example_works() throws IOException, InterruptedException {
        Town.ready();
        List<String> examples = EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(found ->
                        found.group(1).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))
                .toList();
        assertTrue(examples.size() >= 5, () -> "only " + examples.size());
        Path folder = Files.createDirectories(TestStack.home("curl"));
        Path script = folder.resolve("examples.sh");
        Files.writeString(script, examples.stream().collect(Collectors.joining("\n\n", "set -euo pipefail\n\n", "\n")));

        ProcessBuilder bash = new ProcessBuilder("bash", script.toString()).directory(folder.toFile());
        bash.environment().put("ORIGIN", TestStack.get().origin().toString());
        bash.environment()
                .put("CURL_CA_BUNDLE", TestStack.get().rootCertificate().toString());
        bash.environment().put("SECRET", TestStack.get().credentials().client("city-hall"));
        Process run = bash.redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(run.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, run.exitValue(), said);
    }
}
