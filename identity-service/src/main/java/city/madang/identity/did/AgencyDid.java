package city.madang.identity.did;

import city.madang.identity.jose.PublicJwk;
import java.net.URI;

/** How agencies are named by did:web (did:web method §3): below the public origin, each key by its thumbprint. */
public final class AgencyDid {

    private AgencyDid() {}

    /**
     * E.g. {@code did:web:localhost%3A8443:identity:agencies:city-hall}, whose document stands at
     * {@code https://localhost:8443/identity/agencies/city-hall/did.json}.
     *
     * @param origin the public origin, without a trailing slash
     */
    public static String of(String origin, String agency) {
        URI uri = URI.create(origin);
        String port = uri.getPort() < 0 ? "" : "%3A" + uri.getPort();
        return "did:web:" + uri.getHost() + port + ":identity:agencies:" + agency;
    }

    /** The DID URL of one of its keys: the fragment is the key's thumbprint (RFC 7638, SHA-256). */
    public static String keyUrl(String did, PublicJwk key) {
        return did + "#" + key.thumbprint();
    }
}
