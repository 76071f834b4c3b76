package city.madang.contracts;

import java.util.Optional;

/** What became of the check of a payment receipt. */
public sealed interface ReceiptCheck {

    /**
     * It holds.
     *
     * @param authorisation the payment's id
     * @param from the account that paid
     * @param to the account that received
     * @param amount won that moved
     * @param billHash the bill that it paid, zero for none
     * @param issuer who signed the statement
     * @param chainId the chain on which it settled
     * @param contract the ledger
     * @param transactionHash the transaction, to be looked up on a node
     * @param blockNumber its block
     * @param blockHash that block's hash
     * @param logIndex the event's place in the block
     * @param settledRoot root of the tree over all that the transaction settled
     */
    record Good(
            Bytes32 authorisation,
            Bytes32 from,
            Bytes32 to,
            long amount,
            Bytes32 billHash,
            String issuer,
            long chainId,
            String contract,
            Bytes32 transactionHash,
            long blockNumber,
            Bytes32 blockHash,
            long logIndex,
            Bytes32 settledRoot)
            implements ReceiptCheck {

        /** What a node that the reader trusts says differently, if it says anything: empty when the chain bears the receipt out. */
        public Optional<String> differsFrom(SettledTransaction found) {
            Optional<SettledTransaction.SettledEvent> event = found.of(authorisation);
            if (event.isEmpty()) {
                return Optional.of("the transaction has not settled this payment");
            }
            Outcome.Settled said = new Outcome.Settled(authorisation, from, to, amount, billHash);
            if (!event.get().outcome().equals(said)) {
                return Optional.of("the transaction settled something else");
            }
            boolean there = found.blockNumber() == blockNumber
                    && found.blockHash().equals(blockHash.hex())
                    && event.get().logIndex() == logIndex;
            if (!there) {
                return Optional.of("it is in another place of the chain");
            }
            return found.tree().root().equals(settledRoot)
                    ? Optional.empty()
                    : Optional.of("the transaction settled other payments beside it");
        }
    }

    /**
     * It does not hold.
     *
     * @param step which part: {@code form}, {@code statement}, {@code authorisation}, {@code payer}, {@code capture}, {@code batch}
     * @param why what is wrong, for people
     */
    record Bad(String step, String why) implements ReceiptCheck {}
}
