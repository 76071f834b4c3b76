package city.madang.bench.start;

import city.madang.bench.report.Chart;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Row;
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

/** Medians of all starts of one run. */
final class StartReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MEBIBYTE = 1024 * 1024;

    private final Map<String, String> machine;
    private final List<Line> lines = new ArrayList<>();

    /** @param cacheBytes 0 without one */
    private record Line(String service, Way way, long cacheBytes, List<Start> starts) {

        double median(ToDoubleFunction<Start> figure) {
            return Row.median(starts.stream().mapToDouble(figure));
        }

        String title() {
            return service + ", " + way.title();
        }
    }

    StartReport(Map<String, String> machine) {
        this.machine = machine;
    }

    void add(String service, Way way, long cacheBytes, List<Start> starts) {
        lines.add(new Line(service, way, cacheBytes, List.copyOf(starts)));
    }

    /** Markdown. */
    String table() {
        var text = new StringBuilder();
        machine.forEach((name, value) -> text.append("  %-20s %s%n".formatted(name, value)));
        text.append(
                """

                | | ready ms | fastest–slowest | CPU ms | resident MiB | after load MiB | cache MiB |
                |---|---:|---:|---:|---:|---:|---:|
                """);
        for (var line : lines) {
            var times = line.starts().stream().mapToDouble(Start::readyMillis).summaryStatistics();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | **%,.0f** | %,.0f–%,.0f | %,.0f | %.0f | %.0f | %s |%n",
                    line.title(),
                    line.median(Start::readyMillis),
                    times.getMin(),
                    times.getMax(),
                    line.median(Start::cpuMillis),
                    line.median(Start::residentBytes) / MEBIBYTE,
                    line.median(Start::loadedBytes) / MEBIBYTE,
                    line.cacheBytes() == 0 ? "" : "%.0f".formatted(line.cacheBytes() / MEBIBYTE)));
        }
        return text.toString();
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var all = new LinkedHashMap<String, Object>();
        all.put("benchmark", "start");
        all.put("machine", machine);
        all.put("rows", lines.stream().map(StartReport::json).toList());
        Files.writeString(
                folder.resolve("start.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        Files.writeString(
                folder.resolve("start.svg"),
                Chart.svg(
                        "Time until ready",
                        "ms",
                        Measured::p50Millis,
                        lines.stream().map(StartReport::row).toList()));
    }

    private static Row row(Line line) {
        return new Row(
                line.service() + "-" + line.way(),
                line.way() == Way.AOT ? "madang" : "jvm",
                line.title(),
                1,
                line.starts().stream()
                        .map(start -> new Measured(0, 0, start.readyMillis(), 0, start.cpuMillis(), 0))
                        .toList(),
                "");
    }

    private static Map<String, Object> json(Line line) {
        var json = new LinkedHashMap<String, Object>();
        json.put("process", line.service());
        json.put("aot_cache", line.way() == Way.AOT);
        json.put("ready_ms", Math.round(line.median(Start::readyMillis)));
        json.put("cpu_ms", Math.round(line.median(Start::cpuMillis)));
        json.put("resident_mib", Math.round(line.median(Start::residentBytes) / MEBIBYTE));
        json.put("resident_after_load_mib", Math.round(line.median(Start::loadedBytes) / MEBIBYTE));
        if (line.cacheBytes() > 0) {
            json.put("cache_mib", Math.round(line.cacheBytes() / MEBIBYTE));
        }
        json.put(
                "ready_ms_starts",
                line.starts().stream()
                        .map(start -> Math.round(start.readyMillis()))
                        .toList());
        return json;
    }
}
