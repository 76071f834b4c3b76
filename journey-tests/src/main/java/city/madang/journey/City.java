package city.madang.journey;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A running city, as an outsider sees it.
 *
 * @param origin the one public address
 * @param rootCertificate PEM of the development CA
 * @param users user name to password
 * @param clients client id to secret
 * @param chain JSON-RPC of a validator, for whoever checks anchors; no citizen needs it
 */
public record City(
        URI origin, Path rootCertificate, Map<String, String> users, Map<String, String> clients, URI chain) {

    public URI at(String path) {
        return origin.resolve(path);
    }
}
