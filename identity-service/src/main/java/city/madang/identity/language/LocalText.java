package city.madang.identity.language;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * A short text for people.
 *
 * @param ko Korean, at most 200 characters
 * @param en English, at most 200 characters
 */
public record LocalText(@NotBlank @Size(max = 200) String ko, @NotBlank @Size(max = 200) String en) {}
