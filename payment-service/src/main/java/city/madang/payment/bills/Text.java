package city.madang.payment.bills;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Text for people in both languages of the city.
 *
 * @param ko Korean
 * @param en English
 */
public record Text(@NotBlank @Size(max = Text.LENGTH_MAX) String ko, @NotBlank @Size(max = Text.LENGTH_MAX) String en) {

    /** Longest text, in UTF-16 units. */
    public static final int LENGTH_MAX = 200;
}
