package city.madang.bench.identity;

import static city.madang.bench.Arguments.number;
import static city.madang.bench.Arguments.value;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code bench identity} is asked to do.
 *
 * @param requests of each row in each round
 * @param rounds of each row, of which the median is shown
 * @param warmUpSeconds of load on each issuer before anything is measured
 * @param soak credentials, issued in batches, after which memory is looked at again; 0 for none
 * @param only keys of the rows to be measured; empty for all
 * @param keycloak whether Keycloak is measured too
 * @param out folder for JSON and chart
 * @param state folder for the data of the servers, which is removed first
 */
record IdentityOptions(
        int requests,
        int rounds,
        int warmUpSeconds,
        int soak,
        Set<String> only,
        boolean keycloak,
        Path out,
        Path state) {

    /** The keys of the rows in JSON. */
    private static final Set<String> ROWS = Set.of(
            "keycloak-sd-jwt-1",
            "keycloak-sd-jwt-1-many",
            "keycloak-sd-jwt-10",
            "sd-jwt-1",
            "sd-jwt-1-alone",
            "sd-jwt-1-many",
            "sd-jwt-10",
            "mdoc-1",
            "gateway-sd-jwt-1",
            "verify-sd-jwt",
            "verify-mdoc");

    static final String HELP =
            """
            usage: ./madang bench identity [OPTION...]

            Issues and verifies credentials over HTTP on 127.0.0.1, against servers of its own, and compares what it costs with
            Keycloak's OpenID4VCI issuance on the same PostgreSQL and with what signatures and disks allow. Takes some minutes.

              --requests N         of each row in each round, 50 to 5000 (400)
              --rounds N           of each row, 1 to 25 (5); the table shows medians
              --warm-up SECONDS    of load on each issuer first, 0 to 300 (25)
              --soak N             then N credentials in batches of ten, at most 1000000, watching memory (0)
              --only ROW,ROW…      of the rows, by their keys in identity.json
              --without-keycloak   leave the comparison out
              --out FOLDER         for identity.json and identity.svg (docs/benchmarks)
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static IdentityOptions parse(List<String> arguments, Path root, Path state) {
        var requests = 400;
        var rounds = 5;
        var warmUp = 25;
        var soak = 0;
        var only = Set.<String>of();
        var keycloak = true;
        var out = root.resolve("docs/benchmarks");
        for (var i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--requests" -> requests = number(arguments, ++i, 50, 5000);
                case "--rounds" -> rounds = number(arguments, ++i, 1, 25);
                case "--warm-up" -> warmUp = number(arguments, ++i, 0, 300);
                case "--soak" -> soak = number(arguments, ++i, 0, 1_000_000);
                case "--only" -> only = rows(value(arguments, ++i));
                case "--without-keycloak" -> keycloak = false;
                case "--out" -> out = Path.of(value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new IdentityOptions(requests, rounds, warmUp, soak, only, keycloak, out, state);
    }

    private static Set<String> rows(String named) {
        var only = new TreeSet<>(List.of(named.split(",", -1)));
        if (!ROWS.containsAll(only)) {
            throw new IllegalArgumentException("the rows are " + String.join(", ", new TreeSet<>(ROWS)));
        }
        return only;
    }
}
