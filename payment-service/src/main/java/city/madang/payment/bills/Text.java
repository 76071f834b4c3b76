package city.madang.payment.bills;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Text for people in both languages of the city.
 *
 * @param ko Korean
 * @param en English
 */
public record Text(
        @NotBlank @Size(max = Text.LENGTH_MAX) @Pattern(regexp = Text.PRINTABLE) String ko,
        @NotBlank @Size(max = Text.LENGTH_MAX) @Pattern(regexp = Text.PRINTABLE) String en) {

    /** No control characters: the database can't keep NUL, and no title needs the others. */
    static final String PRINTABLE = "\\P{Cntrl}*";

    /** Longest text, in UTF-16 units. */
    public static final int LENGTH_MAX = 200;
}
