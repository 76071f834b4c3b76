package city.madang.bench.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs of Debian's packages, unpacked into a folder: nothing is installed, and nothing is left running. */
final class DebianPackages {

    private DebianPackages() {}

    /** Where the packages' libraries are, for {@code LD_LIBRARY_PATH}. */
    static String libraries(Path folder) {
        return folder.resolve("usr/lib/x86_64-linux-gnu") + ":" + folder.resolve("lib/x86_64-linux-gnu");
    }

    /** The folder with the packages' files, or a sentence that says why there is none. */
    static Result unpack(Path folder, List<String> packages) {
        if (Files.isDirectory(folder)) {
            return new Result(Optional.of(folder), "");
        }
        try {
            var parts = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".part"));
            var fetch = new ArrayList<>(List.of("apt-get", "download"));
            fetch.addAll(packages);
            if (run(parts, fetch) != 0) {
                return new Result(Optional.empty(), "apt-get has none of " + String.join(", ", packages));
            }
            var unpacked = parts.resolve("files");
            try (var archives = Files.list(parts)) {
                for (var archive : archives.filter(file -> file.toString().endsWith(".deb"))
                        .toList()) {
                    if (run(parts, List.of("dpkg", "-x", archive.toString(), unpacked.toString())) != 0) {
                        return new Result(Optional.empty(), "dpkg cannot unpack " + archive.getFileName());
                    }
                    Files.delete(archive);
                }
            }
            Files.move(unpacked, folder);
            return new Result(Optional.of(folder), "");
        } catch (IOException absent) {
            return new Result(Optional.empty(), "this is no Debian: " + absent.getMessage());
        }
    }

    /**
     * What came of it.
     *
     * @param why nothing did; empty otherwise
     */
    record Result(Optional<Path> folder, String why) {}

    private static int run(Path in, List<String> command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .directory(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
