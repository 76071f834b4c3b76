package city.madang.devstack.stack;

import city.madang.devstack.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The port of the public origin. Issued credentials name the origin, so it stays as long as the data does. */
final class OriginPort {

    private static final int PREFERRED = 8443;

    private OriginPort() {}

    static int choose(Path file, OptionalInt wanted) throws IOException {
        if (Files.exists(file)) {
            var kept = Integer.parseInt(Files.readString(file).strip());
            if (wanted.isPresent() && wanted.getAsInt() != kept) {
                throw new IllegalStateException(
                        "this stack's origin has port %d, which its credentials name; use --fresh to begin anew with port %d"
                                .formatted(kept, wanted.getAsInt()));
            }
            requireFree(kept);
            return kept;
        }
        if (wanted.isPresent()) {
            requireFree(wanted.getAsInt());
        }
        var port = wanted.orElseGet(() -> Ports.isFree(PREFERRED) ? PREFERRED : Ports.free());
        Files.createDirectories(file.getParent());
        Files.writeString(file, port + "\n");
        return port;
    }

    private static void requireFree(int port) {
        if (!Ports.isFree(port)) {
            throw new IllegalStateException("port %d is taken by another program".formatted(port));
        }
    }
}
