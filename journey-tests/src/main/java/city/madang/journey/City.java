package city.madang.journey;

import city.madang.devstack.stack.Stack;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A running city, as an outsider sees it.
 *
 * @param origin the one public address
 * @param rootCertificate PEM of the development CA
 * @param password of a user
 * @param secret of a client
 * @param chain JSON-RPC of a validator, for whoever checks anchors; no citizen needs it
 */
public record City(
        URI origin, Path rootCertificate, UnaryOperator<String> password, UnaryOperator<String> secret, URI chain) {

    public static City of(Stack stack) {
        return new City(
                stack.origin(),
                stack.rootCertificate(),
                stack.credentials()::user,
                stack.credentials()::client,
                stack.chainNode());
    }

    public URI at(String path) {
        return origin.resolve(path);
    }
}
