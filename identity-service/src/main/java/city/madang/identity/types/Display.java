package city.madang.identity.types;

import org.jspecify.annotations.Nullable;

/**
 * How a credential shows in one language (OpenID4VCI 1.0 §12.2.4, {@code credential_metadata.display}).
 *
 * @param locale BCP 47 tag; each stands once in a type
 * @param backgroundColor CSS colour, {@code #rrggbb}
 * @param textColor likewise
 */
public record Display(
        String name,
        String locale,
        @Nullable String description,
        @Nullable String backgroundColor,
        @Nullable String textColor,
        @Nullable Logo logo) {

    /** @param uri {@code https:} or {@code data:}; wallets fetch it, this service never does */
    public record Logo(String uri, @Nullable String altText) {}
}
