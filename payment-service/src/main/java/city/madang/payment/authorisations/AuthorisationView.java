package city.madang.payment.authorisations;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted authorisation as its payer and its payee see it.
 *
 * @param id SHA-256 of the signed message
 * @param state {@code accepted}, {@code settled} or {@code reversed}
 * @param reason why it was reversed
 * @param from the payer's account
 * @param keyVersion of the key that signed
 * @param to the payee's account
 * @param amount won
 * @param billHash zero for a plain transfer
 * @param bill the bill's id
 * @param nonce decimal
 * @param validAfter unix seconds
 * @param validBefore unix seconds
 * @param acceptedAt when it was accepted
 * @param finishedAt when it settled or was reversed
 * @param transactionHash the chain's transaction in which it settled
 * @param blockNumber the block of that
 */
public record AuthorisationView(
        String id,
        String state,
        @Nullable String reason,
        String from,
        long keyVersion,
        String to,
        long amount,
        String billHash,
        @Nullable String bill,
        String nonce,
        long validAfter,
        long validBefore,
        Instant acceptedAt,
        @Nullable Instant finishedAt,
        @Nullable String transactionHash,
        @Nullable Long blockNumber) {}
