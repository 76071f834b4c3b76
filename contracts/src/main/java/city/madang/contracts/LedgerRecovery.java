package city.madang.contracts;

import java.math.BigInteger;

/**
 * The latest recovery of an account as the ledger has it.
 *
 * @param number which, counted from 1
 * @param state how far it has come
 * @param keyVersion of the key that it would replace
 * @param x the new key's point, with {@code y}
 * @param y see {@code x}
 * @param approvals bit i is set when the agency at index i of the council has approved
 * @param readyAt unix second from which it may be finished; zero while too few have approved
 */
public record LedgerRecovery(
        long number, State state, long keyVersion, Bytes32 x, Bytes32 y, BigInteger approvals, long readyAt) {

    /** {@code RecoveryState} of the contract, in its order. */
    public enum State {
        NONE,
        PROPOSED,
        APPROVED,
        VETOED,
        WITHDRAWN,
        FINISHED
    }
}
