package city.madang.payment.bills;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bill as its debtor and its payee see it.
 *
 * @param id random UUID
 * @param state {@code open}, {@code paying} once an authorisation is accepted, {@code paid} once it has settled, {@code cancelled}
 * @param amount won
 * @param currency {@code KRW}
 * @param payee the account that receives
 * @param payeeAgency whose account that is
 * @param title what it is for
 * @param billHash see {@link BillHash}
 * @param salt with which a wallet recomputes the hash
 * @param application the application whose fee this is
 * @param dueAt when it should be paid
 */
public record BillView(
        String id,
        String state,
        long amount,
        String currency,
        String payee,
        String payeeAgency,
        Text title,
        String billHash,
        String salt,
        @Nullable String application,
        @Nullable Instant dueAt) {}
