package city.madang.journey;

import city.madang.devstack.stack.Stack;
import city.madang.devstack.stack.StackOptions;
import city.madang.journey.evidence.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./madang demo}: starts the stack and plays the main job, with a line and a time for each step. Exit status 0 only
 * if every step held.
 *
 * <p>{@code --kill SERVICE@STEP} (several times if wanted) kills a service with {@code kill -9} in the middle of a step, e.g.
 * {@code payment-service@pay}. {@code --service NAME} plays another service that ships. {@code --keep} leaves the stack running afterwards, so that the links can be looked at.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Demo() {}

    private record Kill(String service, Step step) {}

    private record Options(
            Path state, OptionalInt port, boolean fresh, boolean keep, List<Kill> kills, String service) {}

    public static void main(String[] arguments) {
        Options options;
        try {
            options = parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("madang demo: " + wrong.getMessage());
            System.exit(USAGE);
            return;
        }
        System.exit(run(options) ? 0 : FAILED);
    }

    private static boolean run(Options options) {
        say("Starting the city (PostgreSQL, Kafka, Keycloak, a chain, four services) …");
        StackOptions stackOptions = new StackOptions(options.state(), options.port(), options.fresh(), Demo::say);
        try (Stack stack = Stack.start(stackOptions)) {
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
            say("ready in %.0f s at %s%n".formatted(stack.elapsedSeconds(), stack.origin()));
            Path home = options.state()
                    .toAbsolutePath()
                    .resolve("demo")
                    .resolve(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
            Instant begin = Instant.now();
            Journey journey = new Journey(City.of(stack), checkout(), home, new Printer(stack, options.kills()));
            if (options.service().equals(Journey.SERVICE)) {
                Evidence evidence = journey.play();
                say("%nEvery step held, in %.1f s.%n".formatted(seconds(begin)));
                links(stack, home, evidence);
            } else {
                journey.plays(options.service());
                say("%nEvery step held, in %.1f s.%n".formatted(seconds(begin)));
            }
            if (options.keep()) {
                say("The city stays up. Ctrl-C stops it.");
                say(stack.failure().join());
                return false;
            }
            return true;
        } catch (JourneyFailed failed) {
            System.err.println("\n  ✗ " + failed.getMessage());
            return false;
        } catch (IOException | IllegalStateException failed) {
            System.err.println("madang demo: " + failed.getMessage());
            return false;
        }
    }

    private static void links(Stack stack, Path home, Evidence evidence) {
        say("Look at");
        say("  the record, checked by anyone   " + stack.origin() + "/records/verify/" + evidence.record());
        say("  the API                         " + stack.origin() + "/developers");
        say("  the sealed PDF, proof, opening  " + home.resolve("documents"));
        say("  the logs of the services        " + stack.logs());
        say("  the development CA              " + stack.rootCertificate());
        say("(the addresses answer while the city runs: ./madang demo --keep, or ./madang up)");
    }

    /** Prints a line when a step begins and its outcome when it held; kills what it was told to kill. */
    private static final class Printer implements Progress {

        private final Stack stack;
        private final List<Kill> pending;
        private Instant begun = Instant.now();

        Printer(Stack stack, List<Kill> kills) {
            this.stack = stack;
            this.pending = new ArrayList<>(kills);
        }

        @Override
        public void begins(Step step) {
            begun = Instant.now();
            say("%2d  %s …".formatted(step.ordinal() + 1, step.title()));
            // a step without a middle of its own is interrupted where it begins
            if (!step.hasMiddle()) {
                kill(step);
            }
        }

        @Override
        public void underWay(Step step) {
            kill(step);
        }

        @Override
        public void held(Step step, String detail) {
            String indented = detail.replace("\n", "\n      ");
            say("    ✓ %5.1f s  %s"
                    .formatted(seconds(begun), indented.contains("\n") ? "\n      " + indented : indented));
        }

        private void kill(Step step) {
            pending.removeIf(kill -> {
                if (kill.step() != step) {
                    return false;
                }
                say("    kill -9 " + kill.service());
                stack.service(kill.service()).kill();
                return true;
            });
        }
    }

    private static Options parse(String[] arguments) {
        Path state = Path.of(".madang");
        OptionalInt port = OptionalInt.empty();
        boolean fresh = false;
        boolean keep = false;
        List<Kill> kills = new ArrayList<>();
        String service = Journey.SERVICE;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--fresh" -> fresh = true;
                case "--keep" -> keep = true;
                case "--port" -> port = OptionalInt.of(Integer.parseInt(value(arguments, ++i)));
                case "--state" -> state = Path.of(value(arguments, ++i));
                case "--service" -> service = service(value(arguments, ++i));
                case "--kill" -> kills.add(kill(value(arguments, ++i)));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        return new Options(state, port, fresh, keep, kills, service);
    }

    private static String service(String name) {
        if (!name.equals(Journey.SERVICE) && !Journey.CASES.contains(name)) {
            throw new IllegalArgumentException(
                    "--service is " + Journey.SERVICE + " or one of " + new java.util.TreeSet<>(Journey.CASES));
        }
        return name;
    }

    private static Kill kill(String text) {
        String[] parts = text.split("@", 2);
        try {
            return new Kill(
                    parts[0],
                    parts.length == 1
                            ? Step.PAY
                            : Step.valueOf(parts[1].toUpperCase(Locale.ROOT).replace('-', '_')));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "--kill SERVICE@STEP, where STEP is one of "
                            + Arrays.toString(Step.values()).toLowerCase(Locale.ROOT),
                    unknown);
        }
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new IllegalArgumentException("a value is missing after " + arguments[index - 1]);
        }
        return arguments[index];
    }

    private static Path checkout() {
        @Nullable String root = System.getProperty("madang.root");
        return Path.of(root == null ? "." : root).toAbsolutePath();
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
