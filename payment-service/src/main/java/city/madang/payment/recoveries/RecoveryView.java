package city.madang.payment.recoveries;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The recovery of an account's key as everyone may see it: it names an account, never whose it is.
 *
 * @param id random UUID
 * @param account which account
 * @param state {@code requested}, {@code proposed}, {@code approved} while its delay runs and until it is finished,
 *     {@code finished}, {@code vetoed}, {@code withdrawn}, {@code overtaken} by another key or another proposal
 * @param keyVersion of the key that is lost, which signs a veto
 * @param newKey the key that is to replace it
 * @param number the contract's number of it, which a veto names; absent until the contract has it
 * @param approvals how many agencies have approved on the contract
 * @param approvalsNeeded how many must
 * @param readyAt unix second from which it may be finished; absent while too few have approved
 * @param requestedAt when its owner asked for it
 */
public record RecoveryView(
        String id,
        String account,
        String state,
        int keyVersion,
        Point newKey,
        @Nullable Integer number,
        int approvals,
        @Nullable Integer approvalsNeeded,
        @Nullable Long readyAt,
        Instant requestedAt) {

    /** A point of P-256, 32 bytes each in {@code 0x}-hex. */
    public record Point(String x, String y) {}
}
