package city.madang.identity.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Status of an issuance, and how lists tell it (draft-ietf-oauth-status-list §7.1). */
enum IssuanceStatus {
    VALID(0, "credential.resumed"),
    /** Not to be relied upon for now. */
    SUSPENDED(2, "credential.suspended"),
    /** Not to be relied upon ever again. */
    REVOKED(1, "credential.revoked");

    private final int value;
    private final String event;

    IssuanceStatus(int value, String event) {
        this.value = value;
        this.event = event;
    }

    /** In a status list. */
    int value() {
        return value;
    }

    /** Type of the event that tells of the change to this status. */
    String event() {
        return event;
    }

    /** As the API and the database write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a list with this many bits for each entry can tell it. */
    boolean fits(int bits) {
        return value < 1 << bits;
    }

    static Optional<IssuanceStatus> of(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(text))
                .findFirst();
    }
}
