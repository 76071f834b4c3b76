package city.madang.identity.presentation;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.did.AgencyDid;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.settings.IdentitySettings;
import city.madang.kit.keys.Keyring;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Client identifiers of agencies, and the headers that prove them (OpenID4VP 1.0 §5.9.3). */
@ApplicationScoped
public class ClientIds {

    private final Keyring keyring;
    private final IdentitySettings settings;

    ClientIds(Keyring keyring, IdentitySettings settings) {
        this.keyring = keyring;
        this.settings = settings;
    }

    /** The whole identifier, with its prefix. */
    String of(ClientIdPrefix prefix, AgencyCertificate verifier) {
        return switch (prefix) {
            case X509_HASH -> verifier.x509HashClientId();
            case X509_SAN_DNS -> "x509_san_dns:" + URI.create(settings.origin()).getHost();
            case DECENTRALIZED_IDENTIFIER ->
                "decentralized_identifier:" + AgencyDid.of(settings.origin(), verifier.agency());
        };
    }

    /** The JOSE header of a request object: the chain without its anchor, or the key's DID URL. */
    Map<String, Object> header(ClientIdPrefix prefix, AgencyCertificate verifier) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "oauth-authz-req+jwt");
        if (prefix == ClientIdPrefix.DECENTRALIZED_IDENTIFIER) {
            header.put(
                    "kid",
                    AgencyDid.keyUrl(AgencyDid.of(settings.origin(), verifier.agency()), PublicJwk.of(verifier.key())));
        } else {
            header.put("x5c", verifier.x5c());
        }
        return header;
    }

    byte[] sign(AgencyCertificate verifier, byte[] input) {
        return keyring.sign(verifier.keyId(), input);
    }
}
