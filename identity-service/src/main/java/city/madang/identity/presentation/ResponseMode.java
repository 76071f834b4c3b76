package city.madang.identity.presentation;

import java.util.Arrays;
import java.util.Optional;

/** How a wallet sends its answer (OpenID4VP 1.0 §8.2, §8.3.1). */
enum ResponseMode {
    /** Encrypted to a key made for the request; HAIP 1.0 §5.1 demands it. */
    DIRECT_POST_JWT("direct_post.jwt"),
    /** Under TLS alone. */
    DIRECT_POST("direct_post");

    private final String text;

    ResponseMode(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Optional<ResponseMode> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }
}
