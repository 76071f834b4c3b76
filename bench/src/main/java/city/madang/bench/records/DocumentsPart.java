package city.madang.bench.records;

import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A large document up and down, beside a server that only writes what it gets to a file (synced) and sends it back. Made is MiB, so CPU is for each MiB;
 * what records-service does more: encrypt, digest, read back, inspect, log.
 */
final class DocumentsPart implements Part {

    private static final int MEBIBYTE = 1 << 20;
    private static final int MEBIBYTES = 256;
    private static final double MILLION = 1e6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public void measure(RecordsServers servers, RecordsOptions options, Report report, Consumer<String> say)
            throws IOException {
        Path file = pdf(options.state().resolve("large.pdf"));
        Path kept = options.state().resolve("plain.pdf");
        URI records = servers.serviceUri();
        var rows = new LinkedHashMap<String, List<Measured>>();
        try (var plain = plain(kept)) {
            define(servers, records);
            for (var round = 0; round <= options.rounds(); round++) {
                say.accept("a document of %d MiB, round %d of %d".formatted(MEBIBYTES, round, options.rounds()));
                var announced = announce(servers, records, file);
                var upload = records.resolve(announced.path("upload").asText());
                var content = records.resolve(
                        "/records/archive/" + announced.path("document").asText() + "/versions/1/content");
                var measured = Map.of(
                        "upload", cost(servers, () -> put(upload, file, servers.agencyToken(), 201)),
                        "download", cost(servers, () -> get(content, servers.agencyToken())),
                        "plain-upload", cost(null, () -> put(plain.uri(), file, "", 200)),
                        "plain-download", cost(null, () -> get(plain.uri(), "")));
                if (round > 0) {
                    measured.forEach((key, one) ->
                            rows.computeIfAbsent(key, none -> new ArrayList<>()).add(one));
                }
            }
        }
        row(report, rows, "upload", "madang", "A document kept, MiB");
        row(report, rows, "download", "madang", "A document read, MiB");
        row(report, rows, "plain-upload", "limit", "Limit: a plain server writes and syncs, MiB");
        row(report, rows, "plain-download", "limit", "Limit: a plain server reads, MiB");
        report.add(
                "documents",
                Map.of(
                        "mebibytes",
                        MEBIBYTES,
                        "resident_mib_after",
                        servers.serviceCost().residentBytes() / MEBIBYTE));
        Files.delete(file);
        Files.delete(kept);
    }

    private static void row(Report report, Map<String, List<Measured>> rows, String key, String system, String title) {
        report.add(new Row(key, system, title, 1, rows.getOrDefault(key, List.of()), ""));
    }

    private interface Transfer {
        void run() throws IOException;
    }

    /** @param servers null if the cost is this process's own */
    private static Measured cost(@org.jspecify.annotations.Nullable RecordsServers servers, Transfer transfer)
            throws IOException {
        var service = servers == null ? new ProcessCost(ProcessHandle.current().pid()) : servers.serviceCost();
        var cpu = service.cpuNanos();
        var began = System.nanoTime();
        transfer.run();
        var millis = (System.nanoTime() - began) / MILLION;
        return new Measured(
                1_000 / millis,
                MEBIBYTES * 1_000 / millis,
                millis,
                millis,
                (service.cpuNanos() - cpu) / MILLION / MEBIBYTES,
                0);
    }

    private void define(RecordsServers servers, URI records) throws IOException {
        json(
                servers,
                "PUT",
                records.resolve("/records/document-types/bench-maps"),
                """
                {"title": {"ko": "지도", "en": "Maps"}, "formats": ["application/pdf"], "personal": false,
                 "metadata": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}}""");
    }

    private JsonNode announce(RecordsServers servers, URI records, Path file) throws IOException {
        return json(
                servers,
                "POST",
                records.resolve("/records/archive"),
                """
                {"type": "bench-maps", "name": "map.pdf", "media_type": "application/pdf", "length": %d, "metadata": {}}"""
                        .formatted(Files.size(file)));
    }

    private JsonNode json(RecordsServers servers, String method, URI uri, String body) throws IOException {
        var answer = send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + servers.agencyToken())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("%s %s: %d %s".formatted(method, uri, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    private void put(URI uri, Path file, String token, int expected) throws IOException {
        var answer = send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/pdf")
                        .PUT(HttpRequest.BodyPublishers.ofFile(file))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != expected) {
            throw new IllegalStateException("PUT %s: %d %s".formatted(uri, answer.statusCode(), answer.body()));
        }
    }

    private void get(URI uri, String token) throws IOException {
        var answer = send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            var length = body.transferTo(OutputStream.nullOutputStream());
            if (answer.statusCode() != 200 || length < (long) MEBIBYTES * MEBIBYTE) {
                throw new IllegalStateException("GET %s: %d, %d bytes".formatted(uri, answer.statusCode(), length));
            }
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return http.send(request, handler);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** A PDF whose bulk does not compress. */
    private static Path pdf(Path file) throws IOException {
        var block = new byte[MEBIBYTE];
        new java.util.Random(7).nextBytes(block);
        for (var i = 0; i < block.length; i++) {
            // no byte with which a name could begin
            block[i] |= (byte) 0x80;
        }
        try (var out = Files.newOutputStream(file)) {
            out.write("%PDF-1.7\n1 0 obj\n<< /Length 1 >>\nstream\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            for (var i = 0; i < MEBIBYTES; i++) {
                out.write(block);
            }
            out.write(
                    "\nendstream\nendobj\nstartxref\n9\n%%EOF\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return file;
    }

    private record Plain(HttpServer server, URI uri) implements AutoCloseable {
        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static Plain plain(Path kept) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> serve(exchange, kept));
        server.start();
        return new Plain(
                server, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
    }

    private static void serve(HttpExchange exchange, Path kept) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("PUT")) {
                try (var out = Files.newOutputStream(kept)) {
                    exchange.getRequestBody().transferTo(out);
                }
                try (var written = FileChannel.open(kept, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, Files.size(kept));
                Files.copy(kept, exchange.getResponseBody());
            }
        }
    }
}
