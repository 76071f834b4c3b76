package city.madang.devstack.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands that must succeed. */
final class Commands {

    private static final int LIMIT_MINUTES = 10;

    private Commands() {}

    /** Runs the command; the log holds what it says, and is quoted when it fails. */
    static void run(List<String> command, Path folder, Path log) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("%s took more than %d min".formatted(command, LIMIT_MINUTES));
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s failed with %d:%n%s".formatted(command, process.exitValue(), Files.readString(log)));
        }
    }
}
