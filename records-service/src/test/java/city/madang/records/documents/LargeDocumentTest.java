package city.madang.records.documents;

import static city.madang.records.OtherServices.awaitTrue;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.TestTokens;
import city.madang.records.OtherServices;
import city.madang.records.TrustAnchorResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The longest document that is taken. Needs 4 GiB of disk and some minutes, so it runs when it is asked for. */
@QuarkusTest
@Tag("large")
@EnabledIfSystemProperty(
        named = "madang.large",
        matches = "true",
        disabledReason = "SKIPPED: no document of 1 GiB was sent; -Dmadang.large=true does")
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
class LargeDocumentTest {

    private static final long LENGTH = 1L << 30;
    private static final int BLOCK = 1 << 20;

    /** What service and client together may hold more of than before; a sixteenth of the document. */
    private static final long MOST_MORE = LENGTH / 16;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void a_document_of_one_gibibyte_goes_up_and_down_unchanged_in_flat_memory(@TempDir Path folder) throws Exception {
        try (OtherServices others = new OtherServices(broker)) {
            others.register("transport", "교통국", "Transport Bureau");
            awaitTrue(
                    "it has a log",
                    () -> pool.query("select from log where agency = 'transport'")
                                    .execute()
                                    .await()
                                    .indefinitely()
                                    .size()
                            == 1);
            Desk.define(
                    "transport",
                    "large-maps",
                    Desk.papers().put("personal", false).put("most_bytes", LENGTH));
            Path file = folder.resolve("map.pdf");
            String sha256 = write(file);
            var announced = Desk.announce(
                    TestTokens.client("transport"),
                    new JsonObject()
                            .put("type", "large-maps")
                            .put("name", "map.pdf")
                            .put("media_type", "application/pdf")
                            .put("length", LENGTH)
                            .put("sha256", sha256)
                            .put("metadata", new JsonObject().put("case", "large")));
            assertEquals(201, announced.statusCode(), announced.asString());
            String upload = announced.path("upload");
            String content = "/records/archive/" + announced.path("document") + "/versions/1/content";
            long before = held();
            AtomicLong most = new AtomicLong();
            AtomicBoolean done = new AtomicBoolean();
            Thread watch = Thread.ofPlatform().daemon().start(() -> {
                while (!done.get()) {
                    most.accumulateAndGet(held(), Math::max);
                    sleep();
                }
            });
            try {
                awaitTrue("kept", () -> put(upload, file) == 201);
                assertEquals(sha256, get(content));
            } finally {
                done.set(true);
                watch.join();
            }
            System.out.printf(
                    "1 GiB up and down: %d MiB held before, %d MiB at most meanwhile%n",
                    before / BLOCK, most.get() / BLOCK);
            assertTrue(most.get() - before < MOST_MORE, "it held " + (most.get() - before) + " bytes more");
        }
    }

    /** Live bytes on and beside the heap of this process, which is client and service. */
    private static long held() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return direct + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void sleep() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String write(Path file) throws Exception {
        byte[] head = "%PDF-1.7\n1 0 obj\n<< /Length 1 >>\nstream\n".getBytes(US_ASCII);
        byte[] tail = "\nendstream\nendobj\nstartxref\n9\n%%EOF\n".getBytes(US_ASCII);
        byte[] block = new byte[BLOCK];
        new java.util.Random(7).nextBytes(block);
        for (int i = 0; i < block.length; i++) {
            // no byte with which a name could begin
            block[i] |= (byte) 0x80;
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            out.write(head);
            for (long left = LENGTH - head.length - tail.length; left > 0; left -= BLOCK) {
                out.write(block, 0, (int) Math.min(left, BLOCK));
            }
            out.write(tail);
        }
        assertEquals(LENGTH, Files.size(file));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
                .header("Authorization", "Bearer " + TestTokens.client("transport"));
    }

    private int put(String upload, Path file) {
        try {
            return http.send(
                            request(upload)
                                    .header("Content-Type", "application/pdf")
                                    .PUT(HttpRequest.BodyPublishers.ofFile(file))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private String get(String path) throws Exception {
        HttpResponse<InputStream> answer = http.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream body = new DigestInputStream(answer.body(), digest)) {
            assertEquals(LENGTH, body.transferTo(OutputStream.nullOutputStream()));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
