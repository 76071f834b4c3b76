package city.madang.payment.bills;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bill as whoever was given its link sees it: what is to be paid, to whom and for what, but not by whom.
 *
 * @param id random UUID
 * @param state {@code open}, {@code paying}, {@code paid} or {@code cancelled}
 * @param amount won
 * @param left won that no accepted payment covers
 * @param currency {@code KRW}
 * @param partial whether instalments are taken
 * @param payee the account that receives
 * @param payeeAgency whose account that is
 * @param title what it is for
 * @param billHash see {@link BillHash}
 * @param salt with which a wallet recomputes the hash
 * @param dueAt when it should be paid
 * @param overdue whether it is open after that
 */
public record PayableBill(
        String id,
        String state,
        long amount,
        long left,
        String currency,
        boolean partial,
        String payee,
        String payeeAgency,
        Text title,
        String billHash,
        String salt,
        @Nullable Instant dueAt,
        boolean overdue) {}
