package city.madang.bench.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** One run of a benchmark: where it keeps things, what it tells meanwhile, and servers that are gone when it ends, by Ctrl-C too. */
public final class Session {

    private final Instant began = Instant.now();
    private final String folder;

    /** @param folder below the suite's state, for the data of servers */
    public Session(String folder) {
        this.folder = folder;
    }

    /** Starts what is measured. */
    @FunctionalInterface
    public interface Start<S> {
        S start(Consumer<String> say) throws Exception;
    }

    /** Measures it. */
    @FunctionalInterface
    public interface Work<S> {
        void on(S servers) throws Exception;
    }

    /** Of the checkout. */
    public Path root() {
        return Path.of(System.getProperty("madang.root", "."));
    }

    public Path state() {
        return Path.of(System.getProperty("madang.state", ".madang"))
                .resolve(folder)
                .toAbsolutePath();
    }

    /** A line for the terminal, with the seconds since the run began. */
    public void say(String line) {
        System.out.printf("%5d s  %s%n", Duration.between(began, Instant.now()).toSeconds(), line);
    }

    /** Servers that are stopped when the work has ended or failed, or the JVM is told to stop. */
    public <S extends AutoCloseable> void with(Start<S> start, Work<S> work) throws Exception {
        try (var servers = start.start(this::say)) {
            var stop = new Thread(() -> close(servers));
            Runtime.getRuntime().addShutdownHook(stop);
            work.on(servers);
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private static void close(AutoCloseable servers) {
        try {
            servers.close();
        } catch (Exception notInOrder) {
            System.err.println("could not stop the servers in order: " + notInOrder.getMessage());
        }
    }
}
