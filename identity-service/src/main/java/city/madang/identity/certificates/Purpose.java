package city.madang.identity.certificates;

import java.util.Arrays;
import java.util.Optional;

/** What an agency's key is for; a certificate is good for one purpose alone. */
public enum Purpose {
    /** Signs credentials. */
    CREDENTIAL_ISSUER("credential-issuer"),
    /** Signs requests for presentations; its hash is the agency's OpenID4VP client id. */
    VERIFIER("verifier"),
    /** Signs records, with a key that another service holds. */
    RECORD_SEAL("record-seal"),
    /** Signs the city's trust list. */
    TRUST_LIST("trust-list");

    private final String text;

    Purpose(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<Purpose> of(String text) {
        return Arrays.stream(values())
                .filter(purpose -> purpose.text.equals(text))
                .findFirst();
    }

    /**
     * Where the keyring holds the agency's key for this purpose.
     *
     * @param version 1 for the first, one more with each rotation
     */
    public String keyId(String agency, int version) {
        return "agency/" + agency + "/" + text + (version == 1 ? "" : "/" + version);
    }
}
