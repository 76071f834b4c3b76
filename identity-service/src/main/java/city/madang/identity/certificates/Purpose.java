package city.madang.identity.certificates;

import java.util.Arrays;
import java.util.Optional;

/** What an agency's key is for; a certificate is good for one purpose alone. */
public enum Purpose {
    /** Signs SD-JWT VCs, and status lists. */
    CREDENTIAL_ISSUER("credential-issuer"),
    /** Signs mdocs: a document signer (ISO/IEC 18013-5 B.1.4), certified by the city's IACA. */
    DOCUMENT_SIGNER("document-signer"),
    /** Signs status lists of mdocs: an MSO revocation list signer (ISO/IEC 18013-5 table B.9), certified by the city's IACA. */
    MDOC_STATUS("mdoc-status"),
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

    /** Whether the city's IACA certifies its keys, as verifiers of mdocs want it; else the agency CA does. */
    public boolean isOfIaca() {
        return this == DOCUMENT_SIGNER || this == MDOC_STATUS;
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
