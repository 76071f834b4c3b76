package city.madang.bench.gateway;

import static city.madang.bench.Arguments.number;
import static city.madang.bench.Arguments.value;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code bench gateway} is asked to do.
 *
 * @param seconds of each round
 * @param rounds of each contender, of which the median is shown
 * @param connections at once
 * @param others whether nginx and Spring Cloud Gateway are measured too
 */
record GatewayOptions(int seconds, int rounds, int connections, boolean others, Path out, Path state) {

    static final String HELP =
            """
            usage: ./madang bench gateway [OPTION...]

            Reads 1 KiB through the gateway, through nginx and through Spring Cloud Gateway, all with TLS, an access token of ES256 checked, a limit for each caller
            and the same header fields, and without any of them. wrk (load) and nginx come from Debian's packages where apt-get has them, Spring Cloud Gateway from
            Maven Central. What cannot be had is left out, and said. Takes some minutes.

              --seconds N      of each round, 1 to 60 (8)
              --rounds N       of each, 1 to 15 (3); the table shows medians
              --connections N  at once, 1 to 256 (32)
              --alone          without nginx and Spring Cloud Gateway
              --out FOLDER     for gateway.json and gateway.svg (docs/benchmarks)
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static GatewayOptions parse(List<String> arguments, Path root, Path state) {
        var seconds = 8;
        var rounds = 3;
        var connections = 32;
        var others = true;
        var out = root.resolve("docs/benchmarks");
        for (var i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--seconds" -> seconds = number(arguments, ++i, 1, 60);
                case "--rounds" -> rounds = number(arguments, ++i, 1, 15);
                case "--connections" -> connections = number(arguments, ++i, 1, 256);
                case "--alone" -> others = false;
                case "--out" -> out = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new GatewayOptions(seconds, rounds, connections, others, out, state);
    }
}
