package city.madang.payment.chain;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerContract;

/** Whether this service may work with the chain. */
public sealed interface LedgerState {

    /**
     * It has not been reached since this service started.
     *
     * @param why for the log and readiness
     */
    record Connecting(String why) implements LedgerState {}

    /**
     * It is the one that this service trusts.
     *
     * @param contract the ledger, its code compared
     * @param keys the roles' senders
     * @param separator the EIP-712 domain separator
     * @param finality when one of its blocks is final
     */
    record Ready(LedgerContract contract, LedgerKeys keys, Bytes32 separator, Finality finality)
            implements LedgerState {}

    /**
     * It is the right one and has lost blocks in which something had been booked: it was reset to an earlier state, or
     * reorganised deeper than its finality rule permits. What was booked then is booked, and no longer there.
     *
     * @param ledger the contract, to look what is lost; nothing is to be sent but what was lost
     * @param kept the highest block of which this service knows that it is still there; −1 when there is none
     * @param why for the log and readiness
     */
    record RolledBack(Ready ledger, long kept, String why) implements LedgerState {}

    /**
     * It is another one, or its ledger has other code: working on would pay twice or not at all.
     *
     * @param why what differs
     */
    record Refused(String why) implements LedgerState {}
}
