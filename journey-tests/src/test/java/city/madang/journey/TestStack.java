package city.madang.journey;

import city.madang.devstack.stack.Stack;
import city.madang.devstack.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The one city of this test JVM, started at first use: starting it takes longer than most tests. */
final class TestStack {

    static final Path CHECKOUT = Path.of(System.getProperty("madang.root", ".."));

    private static Path folder;
    private static Stack stack;

    private TestStack() {}

    static synchronized Stack get() {
        if (stack == null) {
            try {
                folder = Files.createTempDirectory("madang-journey-");
                stack = Stack.start(StackOptions.isolated(state()).reportingTo(System.out::println));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(TestStack::stop));
        }
        return stack;
    }

    /** Stops everything and starts it again on the same data. */
    static synchronized Stack restart() {
        get().close();
        try {
            stack = Stack.start(new StackOptions(state(), OptionalInt.empty(), false, System.out::println));
            return stack;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static City city() {
        return City.of(get());
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

    private static synchronized void stop() {
        stack.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            System.err.println("not removed: " + folder);
        }
    }
}
