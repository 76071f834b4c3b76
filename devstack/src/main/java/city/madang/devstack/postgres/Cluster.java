package city.madang.devstack.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The data folder of a PostgreSQL cluster: made once, and repaired after a crash.
 *
 * @param binaries installation of PostgreSQL
 * @param data data folder
 */
record Cluster(Path binaries, Path data) {

    static final String SUPERUSER = "postgres";
    private static final int INITDB_LIMIT_SECONDS = 120;
    private static final int ORPHAN_WAIT_SECONDS = 10;

    boolean exists() {
        return Files.isRegularFile(data.resolve("PG_VERSION"));
    }

    /** {@code initdb} with SCRAM passwords for everybody, UTF-8, and a locale that sorts alike on every platform. */
    void create(String password, Path log) throws IOException, InterruptedException {
        Files.createDirectories(data.getParent());
        var passwordFile = Files.createTempFile(data.getParent(), "initdb", ".tmp"); // created with mode 600
        try {
            Files.writeString(passwordFile, password);
            var process = new ProcessBuilder(asUnprivileged(List.of(
                            binaries.resolve("bin/initdb").toString(),
                            "--pgdata=" + data,
                            "--username=" + SUPERUSER,
                            "--auth=scram-sha-256",
                            "--pwfile=" + passwordFile,
                            "--encoding=UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--no-sync",
                            "--no-instructions")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (!process.waitFor(INITDB_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("initdb failed:\n" + Files.readString(log));
            }
        } finally {
            Files.delete(passwordFile);
        }
    }

    /**
     * Removes what a crash left: a server of this very folder that lost its supervisor is ended first, because two servers
     * on one folder would destroy it. The caller holds the lock of the state folder.
     */
    void recover() throws IOException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        orphan(pidFile).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(ORPHAN_WAIT_SECONDS, TimeUnit.SECONDS).join();
        });
        Files.deleteIfExists(pidFile);
    }

    /** PostgreSQL refuses to run as root; a user namespace without a mapping makes it an ordinary user of its own files. */
    static List<String> asUnprivileged(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        var line = new ArrayList<>(List.of("unshare", "--user"));
        line.addAll(command);
        return line;
    }

    private Optional<ProcessHandle> orphan(Path pidFile) throws IOException {
        var lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d+")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                        .isPresent());
    }
}
