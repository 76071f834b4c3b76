package city.madang.identity.presentation;

import java.util.Arrays;
import java.util.Optional;

/** How a verifier says who it is (OpenID4VP 1.0 §5.9.3). */
enum ClientIdPrefix {
    /** The hash of its certificate; HAIP 1.0 §5 knows this one alone. */
    X509_HASH("x509_hash"),
    /** A host in its certificate: the public origin's. */
    X509_SAN_DNS("x509_san_dns"),
    /** The agency's did:web. */
    DECENTRALIZED_IDENTIFIER("decentralized_identifier");

    private final String text;

    ClientIdPrefix(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Optional<ClientIdPrefix> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }
}
