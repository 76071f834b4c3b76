package city.madang.identity.presentation;

import java.util.Locale;

/** Where a request for a presentation stands. */
enum PresentationState {
    /** It waits for the holder's answer. */
    REQUESTED,
    VERIFIED,
    /** The holder's wallet said no. */
    DECLINED,
    EXPIRED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PresentationState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
