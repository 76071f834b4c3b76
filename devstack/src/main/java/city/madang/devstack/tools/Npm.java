package city.madang.devstack.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Anvil from its npm packages, one for each platform. The lock file pins the one for Linux on x86-64. */
final class Npm {

    private static final List<String> FILES = List.of("package.json", "package-lock.json", ".npmrc");
    private static final String PREFIX = "@foundry-rs/anvil-";

    private Npm() {}

    /** Version of anvil that the project wants. */
    static String anvilVersion(Path project) {
        try {
            var description = new ObjectMapper().readTree(Files.readString(project.resolve("package.json")));
            return description.path("config").path("anvil").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Installs the package of this platform into the target folder. */
    static void installAnvil(Path project, Path target) throws IOException, InterruptedException {
        for (var file : FILES) {
            Files.copy(project.resolve(file), target.resolve(file));
        }
        var log = target.resolve("npm.log");
        if (Files.readString(target.resolve("package-lock.json")).contains("node_modules/" + PREFIX + platform())) {
            Commands.run(List.of("npm", "ci", "--ignore-scripts", "--no-progress"), target, log);
        } else {
            var wanted = PREFIX + platform() + "@" + anvilVersion(project);
            Commands.run(List.of("npm", "install", "--no-save", "--ignore-scripts", wanted), target, log);
        }
    }

    /** The native program. */
    static Path anvil(Path installed) {
        var program = installed.resolve("node_modules/" + PREFIX + platform() + "/bin/anvil");
        if (!Files.isRegularFile(program)) {
            throw new IllegalStateException("anvil is not available for " + platform());
        }
        return program;
    }

    private static String platform() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        return os + (List.of("aarch64", "arm64").contains(System.getProperty("os.arch")) ? "-arm64" : "-amd64");
    }
}
