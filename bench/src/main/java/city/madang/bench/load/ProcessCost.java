package city.madang.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process and all that it started have cost so far, as Linux counts it in {@code /proc}.
 *
 * @param pid of the process at the top
 */
public record ProcessCost(long pid) {

    /** Linux gives times in ticks of a hundredth of a second on every platform it shows to users. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final long KIB = 1024;
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
    private static final Pattern HEAP =
            Pattern.compile("(?m)^ *(?:DefNew|Tenured|garbage-first heap|PSYoungGen|ParOldGen)" + ".* used (\\d+)K");

    /** User and system time in nanoseconds, of processes that have ended included. Steps of 10 ms. */
    public long cpuNanos() {
        return tree().mapToLong(ProcessCost::ticks).sum() * NANOS_PER_TICK;
    }

    /** Bytes of memory that the process itself holds. */
    public long residentBytes() {
        var matcher = RESIDENT.matcher(read("/proc/%d/status".formatted(pid)));
        return matcher.find() ? Long.parseLong(matcher.group(1)) * KIB : 0;
    }

    /** Bytes of a JVM's heap in use after a full collection, which this causes. */
    public long heapBytesAfterCollection() {
        jcmd("GC.run");
        var matcher = HEAP.matcher(jcmd("GC.heap_info"));
        var bytes = 0L;
        while (matcher.find()) {
            bytes += Long.parseLong(matcher.group(1)) * KIB;
        }
        return bytes;
    }

    private Stream<Long> tree() {
        return Stream.concat(
                Stream.of(pid),
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid));
    }

    /** Fields 14 to 17 of proc_pid_stat(5): own time, and that of children that were waited for. */
    private static long ticks(long process) {
        var stat = read("/proc/%d/stat".formatted(process));
        if (stat.isEmpty()) {
            return 0;
        }
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Stream.of(11, 12, 13, 14)
                .mapToLong(field -> Long.parseLong(fields[field]))
                .sum();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String jcmd(String command) {
        try {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            command)
                    .redirectErrorStream(true)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            process.waitFor(1, TimeUnit.MINUTES);
            return text;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
