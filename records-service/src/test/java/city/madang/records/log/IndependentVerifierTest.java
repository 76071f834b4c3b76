package city.madang.records.log;

import static city.madang.records.OtherServices.awaitTrue;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.records.TrustAnchorResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Go's {@code golang.org/x/mod/sumdb/tlog} and {@code note}, which know nothing of this project, verify a whole log of the service. They come from Debian
 * ({@code golang-go}, {@code golang-golang-x-mod-dev}); elsewhere {@code madang.go.path} names a GOPATH that has them. The log has 12,000 entries, and 300,000
 * when more rounds of faults are asked for ({@code -Dmadang.faults.rounds=…}) or {@code -Dmadang.log.entries} says so.
 */
@QuarkusTest
@Tag("faults")
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class IndependentVerifierTest {

    private static final int SHORT = 12_000;
    private static final int LONG = 300_000;

    private static final Path SOURCES = Path.of(System.getProperty("madang.go.path", "/usr/share/gocode"));

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    RecordLog log;

    @Inject
    LogSequencer sequencer;

    @Inject
    LogReader reader;

    @Test
    void go_verifies_every_entry_tile_and_proof_of_a_log_that_the_service_wrote() throws Throwable {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "go"))),
                "SKIPPED, the log was not verified by another implementation: there is no Go (Debian: golang-go)");
        assumeTrue(
                Files.isDirectory(SOURCES.resolve("src/golang.org/x/mod/sumdb/tlog")),
                "SKIPPED, the log was not verified by another implementation: no golang.org/x/mod in " + SOURCES
                        + " (Debian: golang-golang-x-mod-dev)");
        int entries = Integer.getInteger(
                "madang.log.entries", Integer.getInteger("madang.faults.rounds", 0) > 0 ? LONG : SHORT);
        String agency = "verified-by-go";
        VertxContextSupport.subscribeAndAwait(() -> sessions.withTransaction(session -> log.create(session, agency)));
        write(agency, entries);
        awaitTrue("all is published", () -> reader.published(agency)
                .await()
                .indefinitely()
                .filter(published -> published.size() == entries)
                .isPresent());

        Path verifier = build();
        String url = "http://127.0.0.1:" + RestAssured.port + "/records/log/" + agency;
        String key = given().get("/records/log/" + agency + "/vkey").asString().strip();
        Ran good = run(List.of(verifier.toString(), url, key), Path.of("."));
        assertEquals(0, good.status(), good.output());
        assertTrue(good.output().contains(entries + " entries"), good.output());
        System.out.println(good.output());
        // it does not say yes to everything
        String other = given().get("/records/log/" + agency + "/vkey")
                .asString()
                .strip()
                .replace(agency, "another");
        assertTrue(run(List.of(verifier.toString(), url, other), Path.of(".")).status() != 0);
    }

    private void write(String agency, int entries) {
        int batch = 1_000;
        long index = 0;
        for (int from = 0; from < entries; from += batch) {
            List<byte[]> some = new ArrayList<>();
            for (int i = from; i < Math.min(entries, from + batch); i++) {
                some.add(("{\"entry\":" + i + ",\"of\":\"a log that Go verifies\"}").getBytes(UTF_8));
            }
            Submission submission = new Submission("go/" + from, some, Instant.EPOCH, new byte[32]);
            Appended appended = sequencer.append(agency, submission).await().indefinitely();
            assertEquals(index, appended.index());
            index += some.size();
        }
    }

    private static Path build() throws IOException, InterruptedException {
        Path program = Files.createTempDirectory("verifylog-").resolve("verifylog");
        Path sources = Path.of(System.getProperty("madang.root"), "records-service/src/test/go/verifylog");
        Ran built = run(List.of("go", "build", "-o", program.toString(), "."), sources);
        assertEquals(0, built.status(), built.output());
        return program;
    }

    private record Ran(int status, String output) {}

    private static Ran run(List<String> command, Path folder) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOPATH", SOURCES.toString());
        builder.environment()
                .put(
                        "GOCACHE",
                        Path.of(System.getProperty("java.io.tmpdir"), "madang-go-cache")
                                .toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it did not end");
        return new Ran(process.exitValue(), output);
    }
}
