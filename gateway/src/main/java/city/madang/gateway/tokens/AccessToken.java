package city.madang.gateway.tokens;

import org.jspecify.annotations.Nullable;

/**
 * What the door reads in a good access token.
 *
 * @param subject {@code sub}
 * @param agency claim {@code agency} of those who act for one
 * @param expires {@code exp}, seconds since the epoch
 * @param keyThumbprint {@code cnf.jkt}: thumbprint of the key whose proof must come along (RFC 9449, section 6.1)
 * @param certificateThumbprint {@code cnf.x5t#S256}: of the client certificate of the connection (RFC 8705, section 3.1)
 */
public record AccessToken(
        String subject,
        @Nullable String agency,
        long expires,
        @Nullable String keyThumbprint,
        @Nullable String certificateThumbprint) {}
