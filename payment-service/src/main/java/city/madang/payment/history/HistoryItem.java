package city.madang.payment.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment as one of its two accounts sees it.
 *
 * @param authorisation its id
 * @param direction {@code out} or {@code in}
 * @param counterpart the other account
 * @param amount won
 * @param state see {@code AuthorisationView}
 * @param reason why it was reversed
 * @param bill the bill that it pays, whole or in part
 * @param refundOf the payment that it pays back
 * @param acceptedAt when it was accepted
 * @param finishedAt when it settled or was reversed
 */
public record HistoryItem(
        String authorisation,
        String direction,
        String counterpart,
        long amount,
        String state,
        @Nullable String reason,
        @Nullable String bill,
        @Nullable String refundOf,
        Instant acceptedAt,
        @Nullable Instant finishedAt) {}
