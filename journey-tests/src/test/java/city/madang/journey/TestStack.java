package city.madang.journey;

import city.madang.devstack.files.Trees;
import city.madang.devstack.stack.BackupCommand;
import city.madang.devstack.stack.Folders;
import city.madang.devstack.stack.Stack;
import city.madang.devstack.stack.StackOptions;
import city.madang.devstack.testing.SpanReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** The one city of this test JVM, started at first use: starting it takes longer than most tests. */
final class TestStack {

    static final Path CHECKOUT = Path.of(System.getProperty("madang.root", ".."));

    static final String IDENTITY = "identity-service";

    /** Between the gateway and the identity service, whichever stack runs. */
    private static final Wire WIRE = new Wire(() -> get().service(IDENTITY).internal());

    /** Where the services send every span. */
    private static final SpanReceiver SPANS = new SpanReceiver();

    private static Path folder;
    private static Stack stack;

    private TestStack() {}

    static synchronized Stack get() {
        if (stack == null) {
            try {
                folder = Files.createTempDirectory("madang-journey-");
                stack = start(StackOptions.isolated(state()));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(TestStack::stop));
        }
        return stack;
    }

    /** Stops everything, backs it up, loses all of it, restores it, and starts it again. */
    static synchronized Stack restore() {
        get().close();
        try {
            String backup = folder.resolve("backup.tar.gz").toString();
            System.out.println(BackupCommand.backup(state(), backup));
            Trees.delete(new Folders(state()).data());
            System.out.println(BackupCommand.restore(state(), backup));
            stack = start(new StackOptions(state(), OptionalInt.empty(), false, line -> {}));
            return stack;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Stack start(StackOptions options) throws IOException {
        Map<String, URI> upstreams = Map.of(IDENTITY, WIRE.address());
        Map<String, Map<String, String>> settings = Map.of(
                IDENTITY, SPANS.settings(), "payment-service", SPANS.settings(), "records-service", SPANS.settings());
        return Stack.start(options.reportingTo(System.out::println)
                .reachingServicesAt(upstreams)
                .saying(settings));
    }

    static SpanReceiver spans() {
        return SPANS;
    }

    static City city() {
        return City.of(get());
    }

    static Wire wire() {
        get();
        return WIRE;
    }

    /** {@code data/} and {@code logs/} of the stack. */
    static Path state() {
        return folder.resolve("state");
    }

    /** A folder for one test's wallet and documents. */
    static Path home(String name) {
        get();
        return folder.resolve(name);
    }

    /** A wallet of its own folder. */
    static WalletCommand wallet(String name) {
        return new WalletCommand(CHECKOUT, home(name), city());
    }

    private static synchronized void stop() {
        stack.close();
        WIRE.close();
        SPANS.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            System.err.println("not removed: " + folder);
        }
    }
}
