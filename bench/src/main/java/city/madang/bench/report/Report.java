package city.madang.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All rows of one run. */
public final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String benchmark;
    private final Map<String, String> machine;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Object> more = new LinkedHashMap<>();

    public Report(String benchmark, Map<String, String> machine) {
        this.benchmark = benchmark;
        this.machine = machine;
    }

    public void add(Row row) {
        rows.add(row);
    }

    /** Something that is no row: written into JSON as it is. */
    public void add(String name, Object value) {
        more.put(name, value);
    }

    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** A Markdown table, which a terminal shows well enough. */
    public String table() {
        var text = new StringBuilder();
        machine.forEach((name, value) -> text.append("  %-20s %s%n".formatted(name, value)));
        var more = rows.stream().anyMatch(row -> row.median(Measured::walBytes) > 0);
        text.append(
                """

                | | connections | requests/s | made/s | p50 ms | p99 ms |%s CPU ms each | PostgreSQL CPU ms each |%s spread |
                |---|---:|---:|---:|---:|---:|%s---:|---:|%s---:|
                """
                        .formatted(
                                more ? " p99.9 ms |" : "",
                                more ? " WAL bytes each |" : "",
                                more ? "---:|" : "",
                                more ? "---:|" : ""));
        for (var row : rows) {
            text.append("| %s%s | %d | %s | %s | %s | %s |%s %s | %s |%s %.2f |%n"
                    .formatted(
                            row.title(),
                            row.note().isEmpty() ? "" : " (" + row.note() + ")",
                            row.connections(),
                            figure(row.median(Measured::requestsPerSecond)),
                            figure(row.median(Measured::madePerSecond)),
                            figure(row.median(Measured::p50Millis)),
                            figure(row.median(Measured::p99Millis)),
                            more ? " " + figure(row.median(Measured::p999Millis)) + " |" : "",
                            bold(figure(row.median(Measured::cpuMillis))),
                            figure(row.median(Measured::databaseCpuMillis)),
                            more ? " " + figure(row.median(Measured::walBytes)) + " |" : "",
                            row.spread(Measured::cpuMillis)));
        }
        return text.toString();
    }

    /** Writes {@code <benchmark>.json} and {@code <benchmark>.svg}, a chart of CPU time. */
    public void write(Path folder, String chartTitle) throws IOException {
        write(folder, chartTitle, "ms", Measured::cpuMillis);
    }

    /** The same with a chart of another figure. */
    public void write(Path folder, String chartTitle, String unit, ToDoubleFunction<Measured> figure)
            throws IOException {
        Files.createDirectories(folder);
        var all = new LinkedHashMap<String, Object>();
        all.put("benchmark", benchmark);
        all.put("machine", machine);
        all.put("rows", rows.stream().map(Report::json).toList());
        all.putAll(more);
        Files.writeString(
                folder.resolve(benchmark + ".json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        Files.writeString(folder.resolve(benchmark + ".svg"), Chart.svg(chartTitle, unit, figure, rows));
    }

    private static Map<String, Object> json(Row row) {
        var json = new LinkedHashMap<String, Object>();
        json.put("key", row.key());
        json.put("system", row.system());
        json.put("title", row.title());
        json.put("connections", row.connections());
        json.put("requests_per_second", rounded(row.median(Measured::requestsPerSecond)));
        json.put("made_per_second", rounded(row.median(Measured::madePerSecond)));
        json.put("p50_ms", rounded(row.median(Measured::p50Millis)));
        json.put("p99_ms", rounded(row.median(Measured::p99Millis)));
        json.put("cpu_ms", rounded(row.median(Measured::cpuMillis)));
        json.put("database_cpu_ms", rounded(row.median(Measured::databaseCpuMillis)));
        put(json, "p99_9_ms", row.median(Measured::p999Millis));
        put(json, "wal_bytes", row.median(Measured::walBytes));
        json.put(
                "made_per_second_rounds",
                row.rounds().stream()
                        .map(round -> rounded(round.madePerSecond()))
                        .toList());
        json.put(
                "cpu_ms_rounds",
                row.rounds().stream().map(round -> rounded(round.cpuMillis())).toList());
        if (!row.note().isEmpty()) {
            json.put("note", row.note());
        }
        return json;
    }

    private static void put(Map<String, Object> json, String name, double value) {
        if (value > 0) {
            json.put(name, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }

    private static String bold(String figure) {
        return figure.isEmpty() ? "" : "**" + figure + "**";
    }

    /** Three digits, nothing where nothing was measured. */
    static String figure(double value) {
        if (value == 0) {
            return "";
        }
        return value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
