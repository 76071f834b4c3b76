package city.madang.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and with what it was measured. */
public final class Machine {

    private Machine() {}

    /** Names and values in the order in which they are shown; {@code more} comes last. */
    public static Map<String, String> describe(Map<String, String> more) {
        var all = new LinkedHashMap<String, String>();
        all.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        all.put("processor", cpuinfo("model name"));
        all.put("memory", memory());
        all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        all.put("load when it began", firstWord("/proc/loadavg"));
        all.put("JDK", System.getProperty("java.vendor.version") + ", " + System.getProperty("java.vm.name"));
        all.putAll(more);
        return all;
    }

    private static String cpuinfo(String name) {
        return lineOf("/proc/cpuinfo", name).replaceFirst("^[^:]*:\\s*", "");
    }

    private static String memory() {
        var kib = lineOf("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return kib.isEmpty() ? "unknown" : Long.parseLong(kib) / (1024 * 1024) + " GiB";
    }

    private static String firstWord(String file) {
        return lineOf(file, "").replaceFirst(" .*", "");
    }

    private static String lineOf(String file, String start) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(start)).findFirst().orElse("unknown");
        } catch (IOException otherSystem) {
            return "unknown";
        }
    }
}
