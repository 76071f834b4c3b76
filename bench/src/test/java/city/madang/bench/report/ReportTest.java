package city.madang.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static Row row(String key, double... cpu) {
        return new Row(
                key,
                "madang",
                "A <row> & more",
                8,
                DoubleStream.of(cpu)
                        .mapToObj(each -> new Measured(10, 10, 1, 2, each, 0.5))
                        .toList(),
                "");
    }

    @Test
    void one_disturbed_round_does_not_change_the_result() {
        assertEquals(2, row("odd", 90, 2, 1).median(Measured::cpuMillis));
        assertEquals(2.5, row("even", 3, 2, 90, 1).median(Measured::cpuMillis));
        assertEquals(90, row("spread", 90, 2, 1).spread(Measured::cpuMillis));
        assertThrows(IllegalArgumentException.class, () -> row("none"));
    }

    @Test
    void json_chart_and_table_show_what_was_measured(@TempDir Path folder) throws Exception {
        var report = new Report("sample", Map.of("cores", "2"));
        report.add(row("a", 0.25));
        report.add(row("b", 12.5));
        report.add("soak", List.of(Map.of("issued", 1)));
        report.write(folder, "CPU & more");
        var json = new ObjectMapper().readTree(Files.readString(folder.resolve("sample.json")));
        assertEquals(12.5, json.at("/rows/1/cpu_ms").asDouble());
        assertEquals(1, json.at("/soak/0/issued").asInt());
        var chart = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("sample.svg").toFile());
        assertTrue(chart.getDocumentElement().getTextContent().contains("A <row> & more"));
        assertTrue(report.table().contains("**0.250**") && report.table().contains("**12.5**"), report.table());
    }
}
