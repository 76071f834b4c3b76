package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Credential formats that can be asked for (OpenID4VP 1.0 appendix B). */
public enum PresentationFormat {
    /** SD-JWT VC (B.3); a type is a {@code vct}. */
    SD_JWT_VC("dc+sd-jwt"),
    /** ISO/IEC 18013-5 mdoc (B.2); a type is a {@code doctype}, a claim is {@code [namespace, element]}. */
    MSO_MDOC("mso_mdoc");

    private final String text;

    PresentationFormat(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    static PresentationFormat parse(@Nullable Object json) throws Malformed {
        return Arrays.stream(values())
                .filter(format -> format.text.equals(json))
                .findFirst()
                .orElseThrow(() -> new Malformed("the format must be dc+sd-jwt or mso_mdoc"));
    }
}
