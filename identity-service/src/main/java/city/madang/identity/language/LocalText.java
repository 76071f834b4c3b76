package city.madang.identity.language;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A short text for people.
 *
 * @param ko Korean, at most 200 characters
 * @param en English, at most 200 characters
 */
public record LocalText(
        @NotBlank @Size(max = LONGEST) @Pattern(regexp = PRINTABLE) String ko,
        @NotBlank @Size(max = LONGEST) @Pattern(regexp = PRINTABLE) String en) {

    private static final int LONGEST = 200;

    /** No control characters: a NUL is nothing that the database could keep. */
    private static final String PRINTABLE = "\\P{Cntrl}*";

    /** For a text that no framework has validated. */
    public boolean fits() {
        return fits(ko) && fits(en);
    }

    private static boolean fits(@Nullable String text) {
        return text != null && !text.isBlank() && text.length() <= LONGEST && text.matches(PRINTABLE);
    }
}
