package city.madang.tlog.mirror;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param log URL, or a folder
 */
record MirrorOptions(String log, Optional<Path> out, Optional<Path> policy, Optional<String> key, Optional<Path> ca) {

    static final String HELP =
            """
            usage: ./madang mirror URL [OPTION...]

            Reads a whole transparency log (C2SP tlog-tiles) from URL, e.g. https://localhost:8443/records/log/transport, or from a folder,
            and verifies everything: every entry, every tile, the root, the log's signature, cosignatures, and that the log goes on from what
            an earlier run saw.

              --out DIR       keep a copy there, and compare with what is there from before
              --policy FILE   trust as this policy says (C2SP tlog-policy): its logs, its witnesses, its quorum
              --vkey KEY      trust this key of the log (without --policy, or where the policy names no log)
              --ca FILE       PEM file with the roots to trust for TLS, instead of Java's

            Without a key the log's own is believed, and with --out held to from then on; that is said in the report.

            exit status: 0 verified, 1 something does not hold, 2 wrong command line, 3 the log could not be read
            """;

    /** @throws IllegalArgumentException with a sentence for the terminal */
    static MirrorOptions parse(List<String> arguments) {
        String log = "";
        Optional<Path> out = Optional.empty();
        Optional<Path> policy = Optional.empty();
        Optional<String> key = Optional.empty();
        Optional<Path> ca = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--out" -> out = Optional.of(Path.of(value(arguments, ++i)));
                case "--policy" -> policy = Optional.of(Path.of(value(arguments, ++i)));
                case "--vkey" -> key = Optional.of(value(arguments, ++i));
                case "--ca" -> ca = Optional.of(Path.of(value(arguments, ++i)));
                default -> {
                    if (argument.startsWith("-") || !log.isEmpty()) {
                        throw new IllegalArgumentException("unexpected: " + argument);
                    }
                    log = argument;
                }
            }
        }
        if (log.isEmpty()) {
            throw new IllegalArgumentException("name the log");
        }
        return new MirrorOptions(log, out, policy, key, ca);
    }

    private static String value(List<String> arguments, int index) {
        if (index >= arguments.size()) {
            throw new IllegalArgumentException("a value is missing after " + arguments.get(index - 1));
        }
        return arguments.get(index);
    }
}
