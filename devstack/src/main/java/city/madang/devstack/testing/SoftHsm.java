package city.madang.devstack.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A SoftHSM token in a folder: the real PKCS #11 library of Debian's {@code softhsm2}, as far as it is installed. */
public final class SoftHsm {

    public static final String PIN = "4711";

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));

    private SoftHsm() {}

    public static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::isReadable).findFirst();
    }

    /** Makes a token; the library reads where it is from the environment, once in the life of a process. */
    public static void initialize(Path folder) throws IOException, InterruptedException {
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Path configuration = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        setEnvironment("SOFTHSM2_CONF", configuration.toString());
        var builder = new ProcessBuilder(
                "softhsm2-util", "--init-token", "--free", "--label", "madang", "--pin", PIN, "--so-pin", "0815");
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("softhsm2-util: " + said);
        }
    }

    private static void setEnvironment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            var setenv = linker.downcallHandle(
                    linker.defaultLookup().find("setenv").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            int failed = (int) setenv.invoke(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv: " + failed);
            }
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
