package city.madang.identity.types;

import java.util.Arrays;
import java.util.Optional;

/** Credential format identifiers (OpenID4VCI 1.0 appendix A). */
public enum Format {
    /** SD-JWT VC (appendix A.3); the type's name is the last part of its {@code vct}. */
    SD_JWT_VC("dc+sd-jwt"),
    /** ISO/IEC 18013-5 mdoc (appendix A.2); the type's name is its {@code doctype}. */
    MSO_MDOC("mso_mdoc");

    private final String text;

    Format(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<Format> of(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text.equals(text))
                .findFirst();
    }
}
