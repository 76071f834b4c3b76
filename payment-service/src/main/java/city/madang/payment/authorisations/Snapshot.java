package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.payment.accounts.Owner;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the database says about a batch of submissions, with its payers, its bills and the payments that it refunds locked.
 *
 * @param payers accounts that are to pay
 * @param payees ids of accounts that can receive
 * @param capturers which accounts capture for which payees: those of the same owner that have a key
 * @param bills by hash
 * @param refundable payments that are to be refunded, by id
 * @param accepted those of the batch that were accepted before
 * @param usedNonces those of the batch that were used or given up before
 * @param usedKeys which authorisation each client's key of the batch came with before
 */
public record Snapshot(
        Map<Bytes32, PayerState> payers,
        Set<Bytes32> payees,
        Set<CapturerOf> capturers,
        Map<Bytes32, BillState> bills,
        Map<Bytes32, PaymentState> refundable,
        Map<Bytes32, Earlier> accepted,
        Set<UsedNonce> usedNonces,
        Map<ClientKeyOf, Bytes32> usedKeys) {

    /**
     * An account that is to pay.
     *
     * @param owner whose it is
     * @param keyVersion 0 without a key
     * @param keyX that key's coordinate; null without a key
     * @param keyChanging whether a new key is on its way to the ledger
     * @param frozen whether it may not pay
     * @param available won
     * @param paymentMax won that one payment may move; null when the owner set no limit
     * @param dayLeft won that it may still spend today; null when the owner set no limit
     */
    public record PayerState(
            Owner owner,
            long keyVersion,
            @Nullable String keyX,
            boolean keyChanging,
            boolean frozen,
            long available,
            @Nullable Long paymentMax,
            @Nullable Long dayLeft) {}

    /**
     * A bill.
     *
     * @param id its id
     * @param payee the account that receives
     * @param amount won
     * @param left won that no accepted payment covers
     * @param partial whether it takes instalments
     * @param cancelled whether its agency has withdrawn it
     */
    public record BillState(UUID id, Bytes32 payee, long amount, long left, boolean partial, boolean cancelled) {}

    /**
     * A payment that is to be refunded.
     *
     * @param payer the account that paid, and so is paid back
     * @param receiver the owner of the account that received, who alone refunds
     * @param settled whether the contract has moved it
     * @param left won that no accepted refund has paid back
     */
    public record PaymentState(Bytes32 payer, Owner receiver, boolean settled, long left) {}

    /** A payer's nonce that is taken. */
    public record UsedNonce(Bytes32 payer, BigInteger nonce) {}

    /** An account whose key captures what is held for a payee. */
    public record CapturerOf(Bytes32 payee, Bytes32 capturer) {}

    /** A client's key; each account has its own. */
    public record ClientKeyOf(Bytes32 payer, String key) {}
}
