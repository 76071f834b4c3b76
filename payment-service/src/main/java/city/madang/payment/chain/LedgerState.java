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
     */
    record Ready(LedgerContract contract, LedgerKeys keys, Bytes32 separator) implements LedgerState {}

    /**
     * It is another one, or its ledger has other code: working on would pay twice or not at all.
     *
     * @param why what differs
     */
    record Refused(String why) implements LedgerState {}
}
