package city.madang.identity.offers;

import java.util.Locale;

/** Where an offer stands. */
public enum OfferState {
    /** The holder's wallet may redeem it. */
    OFFERED,
    /** A wallet has redeemed it; its access token waits for a key proof. */
    REDEEMED,
    ISSUED,
    /** Nobody came in time. */
    EXPIRED,
    /** Too many wrong transaction codes. */
    LOCKED,
    /** Its type was withdrawn. */
    WITHDRAWN;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static OfferState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
