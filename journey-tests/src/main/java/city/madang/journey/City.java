package city.madang.journey;

import city.madang.devstack.keycloak.DevCredentials;
import city.madang.devstack.keycloak.OneTimeCode;
import city.madang.devstack.stack.RunningStack;
import city.madang.devstack.stack.Stack;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A running city, as an outsider sees it.
 *
 * @param origin the one public address
 * @param rootCertificate PEM of the development CA
 * @param password of a user
 * @param secret of a client
 * @param oneTimeCode of a user who has a second factor, at this moment
 * @param walletProvider folder with the key and chain that attest wallets
 * @param chain JSON-RPC of a validator, for whoever checks anchors; no citizen needs it
 */
public record City(
        URI origin,
        Path rootCertificate,
        UnaryOperator<String> password,
        UnaryOperator<String> oneTimeCode,
        UnaryOperator<String> secret,
        Path walletProvider,
        URI chain) {

    public static City of(Stack stack) {
        return of(
                stack.origin(),
                stack.rootCertificate(),
                stack.credentials(),
                stack.walletProvider(),
                stack.chainNode());
    }

    public static City of(RunningStack stack) {
        return of(
                stack.origin(),
                stack.rootCertificate(),
                stack.credentials(),
                stack.walletProvider(),
                stack.chainNode());
    }

    private static City of(URI origin, Path root, DevCredentials credentials, Path walletProvider, URI chain) {
        return new City(
                origin,
                root,
                credentials::user,
                user -> OneTimeCode.at(credentials.oneTimeCode(user), Instant.now()),
                credentials::client,
                walletProvider,
                chain);
    }

    public URI at(String path) {
        return origin.resolve(path);
    }
}
