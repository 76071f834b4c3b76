package city.madang.devstack.stack;

import city.madang.devstack.process.Await;
import city.madang.devstack.process.Watchdog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One stack per state folder. Holds {@code up.lock}; {@code up.pid} tells others whom to ask to stop. */
final class StateLock implements AutoCloseable {

    private static final Duration LEFTOVERS = Duration.ofSeconds(20);

    private final FileChannel channel;
    private final FileLock lock;
    private final Path pidFile;
    private final Path watchdogFile;

    private StateLock(FileChannel channel, FileLock lock, Path pidFile, Path watchdogFile) {
        this.channel = channel;
        this.lock = lock;
        this.pidFile = pidFile;
        this.watchdogFile = watchdogFile;
    }

    /**
     * Takes the folder; waits until a watchdog has tidied up behind a stack that was killed.
     *
     * @throws AlreadyRunning when a living stack has it
     */
    static StateLock take(Path state) throws IOException {
        Files.createDirectories(state);
        var pidFile = state.resolve("up.pid");
        var channel = FileChannel.open(state.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new AlreadyRunning(
                    Files.exists(pidFile) ? Files.readString(pidFile).strip() : "?");
        }
        var watchdogFile = state.resolve("up.watchdog");
        awaitLeftovers(watchdogFile);
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
        return new StateLock(channel, lock, pidFile, watchdogFile);
    }

    /** The next stack waits for this watchdog when we get no chance to stop in order. */
    void note(Watchdog watchdog) throws IOException {
        Files.writeString(watchdogFile, watchdog.pid() + "\n");
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(pidFile);
            Files.deleteIfExists(watchdogFile);
            lock.release();
        } catch (IOException ignored) {
            // the lock ends with the process anyway
        }
    }

    /** A stack is running on this state folder. */
    static final class AlreadyRunning extends IllegalStateException {
        private static final long serialVersionUID = 1;

        AlreadyRunning(String pid) {
            super("a stack is already running here (process %s); stop it with: ./madang down".formatted(pid));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameJvm) {
            return null;
        }
    }

    private static void awaitLeftovers(Path watchdogFile) throws IOException {
        if (!Files.exists(watchdogFile)) {
            return;
        }
        var pid = Long.parseLong(Files.readString(watchdogFile).strip());
        Await.until("the processes of a killed stack to end", LEFTOVERS, () -> !isShell(pid), () -> "");
    }

    private static boolean isShell(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("bash"))
                .isPresent();
    }
}
