package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.payment.accounts.Owner;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What the database says about a batch of submissions, with its payers and bills locked.
 *
 * @param payers accounts that are to pay
 * @param payees ids of accounts that exist
 * @param bills by hash
 * @param accepted when those of the batch that were accepted before were
 * @param usedNonces those of the batch that were used before
 */
public record Snapshot(
        Map<Bytes32, PayerState> payers,
        Set<Bytes32> payees,
        Map<Bytes32, BillState> bills,
        Map<Bytes32, Instant> accepted,
        Set<UsedNonce> usedNonces) {

    /**
     * An account that is to pay.
     *
     * @param owner whose it is
     * @param keyVersion 0 without a key
     * @param frozen whether it may not pay
     * @param available won
     */
    public record PayerState(Owner owner, long keyVersion, boolean frozen, long available) {}

    /**
     * A bill.
     *
     * @param id its id
     * @param payee the account that receives
     * @param amount won
     * @param state as the API shows it
     */
    public record BillState(UUID id, Bytes32 payee, long amount, String state) {}

    /** A payer's nonce that is taken. */
    public record UsedNonce(Bytes32 payer, BigInteger nonce) {}
}
