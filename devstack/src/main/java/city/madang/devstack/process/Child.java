package city.madang.devstack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One running child process, its log, and how it is told to stop. */
public final class Child implements AutoCloseable {

    private static final Duration KILL_WAIT = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 20;

    private final String name;
    private final Process process;
    private final Path log;
    private final String stopSignal;
    private final Duration stopWait;

    private Child(String name, Process process, Path log, String stopSignal, Duration stopWait) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.stopSignal = stopSignal;
        this.stopWait = stopWait;
    }

    /**
     * What to run.
     *
     * @param name for messages
     * @param environment added to that of this JVM
     * @param log takes standard output and error, appended
     * @param stopSignal name without SIG with which it stops in order
     * @param stopWait how long it may take before it is killed
     */
    public record Plan(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            Path log,
            String stopSignal,
            Duration stopWait) {}

    /** Starts the process under the watchdog's eye. */
    public static Child start(Plan plan, Watchdog watchdog) {
        try {
            Files.createDirectories(plan.folder());
            Files.createDirectories(plan.log().toAbsolutePath().getParent());
            var builder = new ProcessBuilder(Detached.command(plan.command()))
                    .directory(plan.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.log().toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(nullDevice()));
            // settings of the launcher are not settings of the services
            builder.environment().keySet().removeIf(name -> name.startsWith("MADANG_"));
            builder.environment().putAll(plan.environment());
            var process = builder.start();
            watchdog.watch(process.pid(), plan.stopSignal());
            var unused = process.onExit().thenAccept(ended -> watchdog.forget(ended.pid()));
            return new Child(plan.name(), process, plan.log(), plan.stopSignal(), plan.stopWait());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + plan.name(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code when the process has ended. */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Waits until the check holds.
     *
     * @throws IllegalStateException with the end of the log when the process ends first or the time is over
     */
    public void awaitReady(Duration limit, Await.Check check) {
        Await.until(
                name + " to be ready",
                limit,
                () -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "%s ended with code %d:%n%s".formatted(name, process.exitValue(), tail()));
                    }
                    return check.holds();
                },
                this::tail);
    }

    /** SIGKILL: the process gets no chance to tidy up. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        waitFor(KILL_WAIT);
    }

    /** Stops it in order, by force when it takes too long. */
    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        signal(stopSignal);
        if (!waitFor(stopWait)) {
            kill();
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
    }

    private boolean waitFor(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            var lines = Files.readString(log).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "(no log at " + log + ")";
        }
    }

    private static java.io.File nullDevice() {
        return new java.io.File("/dev/null");
    }
}
