package city.madang.devstack.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** The JVM of the test below: starts two children, one of which ignores SIGTERM, and waits to be killed. */
    static final class Parent {
        public static void main(String[] arguments) throws InterruptedException {
            var folder = Path.of(arguments[0]);
            var watchdog = new Watchdog();
            watchdog.removeAtEnd(folder.resolve("scratch"));
            var polite = Child.start(plan(folder, "exec sleep 600"), watchdog);
            var stubborn = Child.start(plan(folder, "trap '' TERM; while :; do sleep 0.1; done"), watchdog);
            var ended = Child.start(plan(folder, "exit 0"), watchdog);
            ended.exit().join();
            System.out.println(polite.pid() + " " + stubborn.pid());
            Thread.sleep(LIMIT.multipliedBy(3));
        }

        private static Child.Plan plan(Path folder, String script) {
            return new Child.Plan(
                    "child",
                    List.of("bash", "-c", script),
                    Map.of(),
                    folder,
                    folder.resolve("child.log"),
                    "TERM",
                    Duration.ofSeconds(1));
        }
    }

    @Test
    void children_end_when_their_jvm_is_killed() throws Exception {
        Files.createDirectories(folder.resolve("scratch/inner"));
        var parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = parent.inputReader()) {
            var pids = List.of(reader.readLine().split(" ")).stream()
                    .map(Long::valueOf)
                    .toList();
            pids.forEach(pid -> assertTrue(isAlive(pid), "not started: " + pid));

            parent.destroyForcibly();

            pids.forEach(pid -> Await.until("the end of " + pid, LIMIT, () -> !isAlive(pid), pids::toString));
            Await.until("the folder to go", LIMIT, () -> !Files.exists(folder.resolve("scratch")), () -> "");
        }
    }

    @Test
    void a_child_that_ignores_its_signal_is_killed() {
        var watchdog = new Watchdog();
        var child = Child.start(Parent.plan(folder, "trap '' TERM; while :; do sleep 0.1; done"), watchdog);

        child.close();

        assertFalse(child.isAlive());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
