package city.madang.bench.records;

import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Seals a core: what printing and signing a record cost. */
final class SealsPart implements Part {

    /** Of a round. A record takes tens of milliseconds. */
    private static final int RECORDS = 100;

    private static final Map<String, String> STEPS = new LinkedHashMap<>();

    static {
        STEPS.put("seal-print", "Records printed as PDF/A on one core");
        STEPS.put("seal-pades", "PDFs signed (PAdES-B-B) on one core");
        STEPS.put("seal-jades", "JSON records signed (JAdES-B-B) on one core");
        STEPS.put("seal", "Records sealed, all of it, on one core");
    }

    @Override
    public String name() {
        return "seals";
    }

    @Override
    public void measure(RecordsServers servers, RecordsOptions options, Report report, Consumer<String> say)
            throws IOException {
        say.accept("seals, %d rounds of %d".formatted(options.rounds(), RECORDS));
        var process = new ProcessBuilder(servers.onServiceClasses(
                        SealsAlone.class, Integer.toString(options.rounds()), Integer.toString(RECORDS)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var rows = new LinkedHashMap<String, List<Measured>>();
        try (var answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                var figures = Arrays.stream(line.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                var step = 0;
                for (var key : STEPS.keySet()) {
                    rows.computeIfAbsent(key, none -> new ArrayList<>())
                            .add(new Measured(
                                    figures[step],
                                    figures[step],
                                    figures[step + 1],
                                    figures[step + 2],
                                    figures[step + 3],
                                    0));
                    step += 4;
                }
            }
        } finally {
            process.destroyForcibly();
        }
        STEPS.forEach(
                (key, title) -> report.add(new Row(key, "madang", title, 1, rows.getOrDefault(key, List.of()), "")));
    }
}
