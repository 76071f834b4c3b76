package city.madang.bench.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordsOptionsTest {

    private static RecordsOptions parse(String... arguments) {
        return RecordsOptions.parse(List.of(arguments), Path.of("/root"), Path.of("/state"));
    }

    @Test
    void what_is_not_said_has_a_value() {
        RecordsOptions options = parse();
        assertEquals(500, options.batch());
        assertEquals(0, options.grow());
        assertEquals(Optional.empty(), options.only());
        assertEquals(Path.of("/root/docs/benchmarks"), options.out());
    }

    @Test
    void options_are_taken_within_their_bounds_only() {
        assertEquals(1_000_000, parse("--entries", "1000000").entries());
        assertEquals(Optional.of("log"), parse("--only", "log").only());
        for (String[] wrong : new String[][] {
            {"--entries", "999"}, {"--entries", "1000001"}, {"--entries"}, {"--batch", "0"}, {"--batch", "1001"},
            {"--rounds", "0"}, {"--rounds", "x"}, {"--grow", "-1"}, {"--only"}, {"--more"}
        }) {
            assertThrows(IllegalArgumentException.class, () -> parse(wrong), String.join(" ", wrong));
        }
    }
}
