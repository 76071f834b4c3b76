package city.madang.identity.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Why a status was changed: a code that may stand in events, because it says nothing of the person. */
enum StatusReason {
    /** The holder asked for it. */
    HOLDER_REQUEST(IssuanceStatus.values()),
    /** The device with the wallet is lost or stolen, perhaps for good. */
    WALLET_LOST(IssuanceStatus.SUSPENDED, IssuanceStatus.REVOKED),
    /** It turned up. */
    WALLET_FOUND(IssuanceStatus.VALID),
    /** Somebody else may have the holder's key. */
    KEY_COMPROMISED(IssuanceStatus.REVOKED),
    /** What the credential says is no longer so. */
    DATA_CHANGED(IssuanceStatus.REVOKED),
    /** The holder is no longer entitled to it. */
    ENTITLEMENT_ENDED(IssuanceStatus.REVOKED),
    /** It should not have been issued. */
    ISSUED_IN_ERROR(IssuanceStatus.REVOKED),
    /** Another credential has taken its place. */
    SUPERSEDED(IssuanceStatus.REVOKED),
    /** The agency looks into it. */
    UNDER_REVIEW(IssuanceStatus.SUSPENDED),
    /** Nothing stands against it any more. */
    REVIEW_CLOSED(IssuanceStatus.VALID);

    private final Set<IssuanceStatus> explained;

    StatusReason(IssuanceStatus... explained) {
        this.explained = Set.of(explained);
    }

    boolean explains(IssuanceStatus status) {
        return explained.contains(status);
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<StatusReason> of(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.text().equals(text))
                .findFirst();
    }
}
