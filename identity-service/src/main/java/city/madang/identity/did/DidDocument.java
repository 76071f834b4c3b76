package city.madang.identity.did;

import city.madang.identity.jose.PublicJwk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A DID document (DID Core §5) with keys on P-256 as JWKs, each named by its thumbprint. */
public final class DidDocument {

    private static final List<String> CONTEXT =
            List.of("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1");

    private DidDocument() {}

    /**
     * The document.
     *
     * @param asserting keys that sign credentials, also those that no longer do
     * @param authenticating keys that sign requests: they also stand as assertion methods, because wallets look for a request's key
     *     in either
     */
    public static Map<String, Object> of(String did, List<PublicJwk> asserting, List<PublicJwk> authenticating) {
        List<PublicJwk> all = Stream.concat(asserting.stream(), authenticating.stream())
                .distinct()
                .toList();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@context", CONTEXT);
        document.put("id", did);
        document.put(
                "verificationMethod", all.stream().map(key -> method(did, key)).toList());
        document.put("assertionMethod", urls(did, all));
        document.put(
                "authentication", urls(did, authenticating.stream().distinct().toList()));
        return document;
    }

    private static List<String> urls(String did, List<PublicJwk> keys) {
        return keys.stream().map(key -> AgencyDid.keyUrl(did, key)).toList();
    }

    private static Map<String, Object> method(String did, PublicJwk key) {
        Map<String, Object> jwk = key.toJson();
        jwk.put("alg", "ES256");
        jwk.put("use", "sig");
        jwk.put("kid", key.thumbprint());
        Map<String, Object> method = new LinkedHashMap<>();
        method.put("id", AgencyDid.keyUrl(did, key));
        method.put("type", "JsonWebKey2020");
        method.put("controller", did);
        method.put("publicKeyJwk", jwk);
        return method;
    }
}
