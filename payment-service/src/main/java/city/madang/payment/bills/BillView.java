package city.madang.payment.bills;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bill as its debtor and its payee see it.
 *
 * @param id random UUID
 * @param state {@code open} while something is left to pay, {@code paying} once accepted authorisations cover it, {@code paid}
 *     once they have settled, {@code cancelled}
 * @param amount won
 * @param paid won that have settled
 * @param left won that no accepted payment covers
 * @param currency {@code KRW}
 * @param partial whether instalments are taken
 * @param payee the account that receives
 * @param payeeAgency whose account that is
 * @param title what it is for
 * @param billHash see {@link BillHash}
 * @param salt with which a wallet recomputes the hash
 * @param link to be passed on to whoever is to pay in the debtor's stead
 * @param application the application whose fee this is
 * @param dueAt when it should be paid
 * @param overdue whether it is open after that; it can still be paid
 */
public record BillView(
        String id,
        String state,
        long amount,
        long paid,
        long left,
        String currency,
        boolean partial,
        String payee,
        String payeeAgency,
        Text title,
        String billHash,
        String salt,
        String link,
        @Nullable String application,
        @Nullable Instant dueAt,
        boolean overdue) {}
