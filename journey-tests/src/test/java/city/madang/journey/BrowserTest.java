package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every page that people see, in Chromium, at the width of a phone and of a desk: no error in the console, nothing that is not
 * loaded or does not fit. {@code -Dmadang.pictures=FOLDER} keeps the pictures, as {@code docs/pages} has them.
 */
@Order(7)
class BrowserTest {

    private static final List<Path> CHROMIUM = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 240;

    @TempDir
    private Path folder;

    @Test
    void every_page_renders_on_a_phone_and_on_a_desk_without_an_error() throws Exception {
        Path browser = CHROMIUM.stream().filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(browser != null, "no Chromium here (Debian: apt install chromium): no page was looked at");
        Path pictures = Path.of(System.getProperty("madang.pictures", folder.toString()));
        Files.createDirectories(pictures);
        ObjectNode task = JSON.createObjectNode()
                .put("browser", browser.toString())
                .put("out", pictures.toAbsolutePath().toString());
        pages(task.putArray("pages"));

        JsonNode found = look(task);

        Map<String, String> problems = new TreeMap<>();
        found.properties().stream()
                .filter(page -> !page.getValue().isEmpty())
                .forEach(page -> problems.put(page.getKey(), page.getValue().toString()));
        assertEquals(Map.of(), problems);
        assertEquals(2 * task.path("pages").size(), found.size());
        try (Stream<Path> taken = Files.list(pictures)) {
            assertEquals(
                    2 * task.path("pages").size(),
                    taken.filter(file -> file.toString().endsWith(".png")).count());
        }
    }

    private static void pages(ArrayNode pages) {
        Town town = Town.ready();
        SignIn signIn = new SignIn(town.portal);
        page(pages, "start", "/");
        page(pages, "developers", "/developers");
        page(pages, "verify", "/records/verify");
        page(pages, "payment-link", bill(town, signIn));
        page(
                pages,
                "present",
                URI.create(town.transport
                                .ask(PresentationFlowsTest.asking(
                                        PresentationFlowsTest.query("q", Town.LICENCE, "", "category"), ""))
                                .path("page_uri")
                                .asText())
                        .getPath());
        page(pages, "sign-in", signInPage());
        signedIn(page(pages, "accesses", "/records/accesses"), signIn.citizen("minji"));
        signedIn(page(pages, "desk", "/records/reviews"), signIn.person("officer.transport"));
    }

    private static void signedIn(ObjectNode page, String token) {
        page.putObject("headers").put("authorization", "Bearer " + token).put("accept", "text/html");
    }

    private static ObjectNode page(ArrayNode pages, String name, String path) {
        return pages.addObject()
                .put("name", name)
                .put("url", TestStack.city().at(path).toString());
    }

    private static String bill(Town town, SignIn signIn) {
        ObjectNode bill = JSON.createObjectNode()
                .put("debtor", town.citizen("minji").sub())
                .put("amount", 12_000)
                .put("currency", "KRW");
        bill.putObject("title").put("ko", "주차 허가 수수료").put("en", "Parking permit fee");
        return URI.create(town.portal
                        .post("/payment/bills", signIn.agency("transport"), bill)
                        .path("link")
                        .asText())
                .getPath();
    }

    private static String signInPage() {
        return "/auth/realms/madang/protocol/openid-connect/auth?client_id=madang-console&response_type=code&scope=openid"
                + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A7777%2Fcallback&state=s&code_challenge_method=S256"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&ui_locales=ko";
    }

    private JsonNode look(ObjectNode task) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("task.json"), task.toString());
        Path problems = folder.resolve("errors.txt");
        Process process = new ProcessBuilder("node", "look.mjs", file.toString())
                .directory(TestStack.CHECKOUT.resolve("journey-tests/browser").toFile())
                .redirectError(problems.toFile())
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError("the browser: " + Files.readString(problems));
        }
        return JSON.readTree(answer);
    }
}
