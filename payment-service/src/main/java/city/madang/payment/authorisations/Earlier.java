package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An authorisation that was accepted before, as it was then.
 *
 * @param at when it was accepted
 * @param holdUntil until when it was to be held; null for a payment at once
 * @param refundOf the payment that it pays back
 */
public record Earlier(Instant at, @Nullable Long holdUntil, @Nullable Bytes32 refundOf) {}
