package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * What the payer says beside the members of {@code Pay}. An instalment and a refund are signed nevertheless: {@code billHash} is
 * derived from them, see {@link Reference}; so is a hold's capturer, as a member of {@code Hold}.
 *
 * @param instalmentOf hash of the bill that this pays a part of
 * @param refundOf id of the payment that this pays back, whole or in part
 * @param hold makes it a hold; null for a payment at once
 * @param clientKey Idempotency-Key; of the payer's account, used once
 */
public record Terms(
        @Nullable Bytes32 instalmentOf, @Nullable Bytes32 refundOf, @Nullable Hold hold, @Nullable String clientKey) {

    /** A payment at once of what the message says. */
    public static final Terms NONE = new Terms(null, null, null, null);

    /**
     * What makes a payment a hold.
     *
     * @param until unix second until which the money is held to be captured
     * @param capturer the account whose key captures
     */
    public record Hold(long until, Bytes32 capturer) {}

    /** Unix second until which it is held; null for a payment at once. */
    @Nullable
    Long holdUntil() {
        return hold == null ? null : hold.until();
    }
}
