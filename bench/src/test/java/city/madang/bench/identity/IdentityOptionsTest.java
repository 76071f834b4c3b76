package city.madang.bench.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityOptionsTest {

    private static IdentityOptions parse(String... arguments) {
        return IdentityOptions.parse(List.of(arguments), Path.of("/city"), Path.of("/state"));
    }

    @Test
    void a_run_is_bounded_whatever_is_asked() {
        assertEquals(400, parse().requests());
        assertEquals(100_000, parse("--soak", "100000").soak());
        assertFalse(parse("--without-keycloak").keycloak());
        assertEquals(
                Set.of("mdoc-1", "sd-jwt-1"), parse("--only", "sd-jwt-1,mdoc-1").only());
        for (var wrong : List.of(
                "--requests 5001",
                "--requests 49",
                "--rounds 0",
                "--rounds",
                "--soak x",
                "--only sd-jwt",
                "--faster")) {
            assertThrows(IllegalArgumentException.class, () -> parse(wrong.split(" ")), wrong);
        }
    }
}
