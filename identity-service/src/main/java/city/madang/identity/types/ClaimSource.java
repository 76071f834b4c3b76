package city.madang.identity.types;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where the claims of a type's credentials come from. */
public enum ClaimSource {
    /** The agency hands them over, in an offer or on a pending request. */
    OFFER,
    /** The holder's sign-in has them, so that the credential is issued at once. */
    SIGN_IN;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ClaimSource> of(String text) {
        return Arrays.stream(values())
                .filter(source -> source.text().equals(text))
                .findFirst();
    }
}
