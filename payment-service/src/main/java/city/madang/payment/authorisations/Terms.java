package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * What the payer says beside the signed message. An instalment and a refund are signed nevertheless: {@code billHash} is derived
 * from them, see {@link Reference}.
 *
 * @param instalmentOf hash of the bill that this pays a part of
 * @param refundOf id of the payment that this pays back, whole or in part
 * @param holdUntil unix second until which the money is held for its payee to capture; null for a payment at once
 * @param clientKey Idempotency-Key; of the payer's account, used once
 */
public record Terms(
        @Nullable Bytes32 instalmentOf,
        @Nullable Bytes32 refundOf,
        @Nullable Long holdUntil,
        @Nullable String clientKey) {

    /** A payment at once of what the message says. */
    public static final Terms NONE = new Terms(null, null, null, null);
}
