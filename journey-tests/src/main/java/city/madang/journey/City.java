package city.madang.journey;

import city.madang.devstack.keycloak.OneTimeCode;
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
        return new City(
                stack.origin(),
                stack.rootCertificate(),
                stack.credentials()::user,
                user -> OneTimeCode.at(stack.credentials().oneTimeCode(user), Instant.now()),
                stack.credentials()::client,
                stack.walletProvider(),
                stack.chainNode());
    }

    public URI at(String path) {
        return origin.resolve(path);
    }
}
