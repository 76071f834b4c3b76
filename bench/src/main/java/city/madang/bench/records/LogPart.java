package city.madang.bench.records;

import city.madang.bench.load.Exchange;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Entries through HTTP and through the sequencer alone, proofs and tiles, beside SHA-256 and the disk; and a log that grows. */
final class LogPart implements Part {

    private static final int CONNECTIONS = 16;
    private static final int READERS = 8;
    private static final int READS = 4_000;
    private static final int SINGLES = 2_000;
    private static final int SAMPLES = 20;
    private static final double MILLION = 1e6;
    private static final double MEBIBYTE = 1024 * 1024;
    private static final String LOG = "/records/log/" + RecordsServers.AGENCY;
    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    public String name() {
        return "log";
    }

    @Override
    public void measure(RecordsServers servers, RecordsOptions options, Report report, Consumer<String> say)
            throws IOException {
        var limits = new LogLimits(options.state(), servers.database());
        say.accept("warming up …");
        for (var i = 0; i < 3; i++) {
            append(servers, options.entries(), options.batch(), CONNECTIONS);
        }
        read(servers, proofs(servers));
        var rows = new LinkedHashMap<String, List<Measured>>();
        try (var alone = SequencerAlone.Process.start(servers)) {
            alone.round(options.entries(), options.batch());
            for (var round = 1; round <= options.rounds(); round++) {
                say.accept("round %d of %d".formatted(round, options.rounds()));
                add(rows, "log-http", append(servers, options.entries(), options.batch(), CONNECTIONS));
                add(rows, "log-http-1", append(servers, SINGLES, 1, CONNECTIONS));
                add(rows, "log-core", alone.round(options.entries(), options.batch()));
                add(rows, "proof", read(servers, proofs(servers)));
                add(rows, "consistency", read(servers, consistencies(servers)));
                add(rows, "tile", read(servers, tiles(servers)));
                add(rows, "limit-sha256", limits.hashes());
                add(rows, "limit-fsync", limits.syncs());
                add(rows, "limit-commit", limits.commits());
            }
        }
        row(report, rows, "log-http", "madang", "Entries over HTTP, batches of " + options.batch(), CONNECTIONS);
        row(report, rows, "log-http-1", "madang", "Entries over HTTP, one a request", CONNECTIONS);
        row(report, rows, "log-core", "madang", "Entries through the sequencer alone", CONNECTIONS);
        row(report, rows, "proof", "madang", "Inclusion proofs served", READERS);
        row(report, rows, "consistency", "madang", "Consistency proofs served", READERS);
        row(report, rows, "tile", "madang", "Tiles served", READERS);
        row(report, rows, "limit-sha256", "limit", "Limit: SHA-256 of leaf and node", 1);
        row(report, rows, "limit-fsync", "limit", "Limit: 4 KiB written and synced", 1);
        row(report, rows, "limit-commit", "limit", "Limit: a row committed", 1);
        if (options.grow() > 0) {
            report.add("growth", grow(servers, options, say));
        }
    }

    private static void add(Map<String, List<Measured>> rows, String key, Measured measured) {
        rows.computeIfAbsent(key, none -> new ArrayList<>()).add(measured);
    }

    private static void row(
            Report report, Map<String, List<Measured>> rows, String key, String system, String title, int connections) {
        report.add(new Row(key, system, title, connections, rows.getOrDefault(key, List.of()), ""));
    }

    /** Requests are made before the clock starts; each is answered when its entries are on disk. */
    private static Measured append(RecordsServers servers, int entries, int batch, int connections) {
        return measured(servers, batches(servers.agencyToken(), entries, batch), batch, connections);
    }

    private static List<List<byte[]>> batches(String token, int entries, int batch) {
        var requests = new ArrayList<List<byte[]>>();
        var random = new byte[32];
        for (var from = 0; from < entries; from += batch) {
            var body = new StringBuilder("{\"entries\":[");
            for (var i = 0; i < batch; i++) {
                RANDOM.nextBytes(random);
                body.append(i == 0 ? "" : ",")
                        .append("{\"type\":\"bench\",\"commitment\":\"")
                        .append(HexFormat.of().formatHex(random))
                        .append("\"}");
            }
            requests.add(List.of(Exchange.post(
                    LOG + "/entries",
                    "application/json",
                    body.append("]}").toString(),
                    Map.of("Authorization", "Bearer " + token, "Idempotency-Key", "\"" + UUID.randomUUID() + "\""))));
        }
        return requests;
    }

    private static Measured read(RecordsServers servers, List<List<byte[]>> requests) {
        return measured(servers, requests, 1, READERS);
    }

    private static Measured measured(
            RecordsServers servers, List<List<byte[]>> requests, int perRequest, int connections) {
        ProcessCost service = servers.serviceCost();
        ProcessCost database = servers.databaseCost();
        var cpu = service.cpuNanos();
        var databaseCpu = database.cpuNanos();
        var round = servers.service(connections).send(requests);
        var seconds = round.nanos() / 1e9;
        var made = (double) requests.size() * perRequest;
        return new Measured(
                requests.size() / seconds,
                made / seconds,
                round.percentile(0.5) / MILLION,
                round.percentile(0.99) / MILLION,
                (service.cpuNanos() - cpu) / MILLION / made,
                (database.cpuNanos() - databaseCpu) / MILLION / made);
    }

    private static List<List<byte[]>> proofs(RecordsServers servers) {
        var size = size(servers);
        return gets(random -> "/entries/%d/proof".formatted(random.nextLong(size)));
    }

    private static List<List<byte[]>> consistencies(RecordsServers servers) {
        var size = size(servers);
        return gets(random -> "/consistency?from=%d&to=%d".formatted(1 + random.nextLong(size - 1), size));
    }

    private static List<List<byte[]>> tiles(RecordsServers servers) {
        var full = size(servers) / 256;
        return gets(random -> {
            var number = random.nextLong(full);
            return "/tile/0/" + (number < 1000 ? "" : "x%03d/".formatted(number / 1000))
                    + "%03d".formatted(number % 1000);
        });
    }

    private static List<List<byte[]>> gets(java.util.function.Function<Random, String> path) {
        var random = new Random(42);
        return IntStream.range(0, READS)
                .mapToObj(i -> List.of(Exchange.get(LOG + path.apply(random), Map.of())))
                .toList();
    }

    /** Of the published checkpoint: its second line. */
    private static long size(RecordsServers servers) {
        return servers.service(1)
                .map(List.of(Exchange.get(LOG + "/checkpoint", Map.of())), (connection, request) -> connection
                        .exchange(request)
                        .orFail("the checkpoint")
                        .text()
                        .lines()
                        .skip(1)
                        .map(Long::parseLong)
                        .findFirst()
                        .orElseThrow())
                .getFirst();
    }

    private static List<Map<String, Object>> grow(
            RecordsServers servers, RecordsOptions options, Consumer<String> say) {
        var samples = new ArrayList<Map<String, Object>>();
        var cost = servers.serviceCost();
        var step = Math.max(options.batch(), options.grow() / SAMPLES);
        var chunk = Math.min(step, 100_000);
        for (var size = size(servers); ; size = size(servers)) {
            var sample = new LinkedHashMap<String, Object>();
            sample.put("entries", size);
            sample.put("heap_mib", Math.round(cost.heapBytesAfterCollection() / MEBIBYTE * 10) / 10.0);
            sample.put("resident_mib", Math.round(cost.residentBytes() / MEBIBYTE));
            if (size < options.grow()) {
                var began = System.nanoTime();
                var p99 = 0.0;
                for (var done = 0; done < step; done += chunk) {
                    p99 = Math.max(
                            p99,
                            append(servers, chunk, options.batch(), CONNECTIONS).p99Millis());
                }
                sample.put("then_entries_per_second", Math.round(step / ((System.nanoTime() - began) / 1e9)));
                sample.put("then_p99_ms", Math.round(p99 * 10) / 10.0);
            }
            samples.add(sample);
            say.accept("growth: " + sample);
            if (size >= options.grow()) {
                return samples;
            }
        }
    }
}
