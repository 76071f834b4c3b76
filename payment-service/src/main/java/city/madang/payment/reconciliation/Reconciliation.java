package city.madang.payment.reconciliation;

import java.time.Instant;
import java.util.List;

/**
 * A comparison of the database with the contract.
 *
 * @param at when
 * @param accounts how many were compared
 * @param supply won, as booked
 * @param chainSupply won, as the contract has it
 * @param differences accounts whose balances differ
 */
public record Reconciliation(Instant at, int accounts, long supply, long chainSupply, List<Difference> differences) {

    /** Keeps its own copy of {@code differences}. */
    public Reconciliation {
        differences = List.copyOf(differences);
    }

    /**
     * An account whose balances differ.
     *
     * @param account its id
     * @param balance won, as booked
     * @param chainBalance won, as the contract has it; −1 when it does not know the account
     */
    public record Difference(String account, long balance, long chainBalance) {}

    /** Whether all agreed. */
    public boolean agrees() {
        return supply == chainSupply && differences.isEmpty();
    }
}
