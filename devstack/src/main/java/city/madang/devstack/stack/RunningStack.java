package city.madang.devstack.stack;

import city.madang.devstack.keycloak.DevCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A stack that another process runs, as its state folder tells of it.
 *
 * @param walletProvider folder with the key and chain that attest wallets
 * @param chainNode JSON-RPC
 */
public record RunningStack(
        URI origin, Path rootCertificate, DevCredentials credentials, Path walletProvider, URI chainNode) {

    /** @throws IllegalStateException if none runs there */
    public static RunningStack at(Path state) throws IOException {
        var folders = new Folders(state.toAbsolutePath());
        if (!Files.exists(state.resolve("up.pid")) || !Files.exists(folders.chainNode())) {
            throw new IllegalStateException("no stack is running here; start it with: ./madang up");
        }
        var ca = folders.keys().resolve("ca");
        return new RunningStack(
                URI.create(
                        "https://localhost:" + Files.readString(folders.port()).strip()),
                ca.resolve("root.pem"),
                DevCredentials.open(folders.credentials()),
                ca,
                URI.create(Files.readString(folders.chainNode()).strip()));
    }
}
