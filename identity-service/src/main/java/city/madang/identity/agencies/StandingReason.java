package city.madang.identity.agencies;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why an agency was revoked or reinstated, or a certificate revoked: a code that may stand in events and in the trust list. */
enum StandingReason {
    /** Its key, or a token of it, is in other hands. */
    KEY_COMPROMISED(true),
    /** It issued or asked what it should not have. */
    RIGHTS_ABUSED(true),
    /** It no longer exists, or another does its work. */
    CEASED(true),
    /** It asked for it. */
    AGENCY_REQUEST(true),
    /** The city looks into it. */
    UNDER_REVIEW(true),
    /** Another key has taken the place of this one. */
    SUPERSEDED(true),
    /** What stood against it is mended. */
    RESOLVED(false),
    /** It should not have been revoked. */
    REVOKED_IN_ERROR(false);

    static final String PATTERN = "[a-z_]{1,40}";

    private final boolean revokes;

    StandingReason(boolean revokes) {
        this.revokes = revokes;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason of this code, if it explains a revocation, or else a reinstatement. */
    static Optional<StandingReason> of(String text, boolean revokes) {
        return Arrays.stream(values())
                .filter(reason -> reason.revokes == revokes && reason.text().equals(text))
                .findFirst();
    }
}
