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
 * @param findings nonces and bills that differ
 */
public record Reconciliation(
        Instant at, int accounts, long supply, long chainSupply, List<Difference> differences, List<Finding> findings) {

    /** Keeps copies of its own. */
    public Reconciliation {
        differences = List.copyOf(differences);
        findings = List.copyOf(findings);
    }

    /**
     * An account whose balances differ.
     *
     * @param account its id
     * @param balance won, as booked
     * @param chainBalance won, as the contract has it; −1 when it does not know the account
     */
    public record Difference(String account, long balance, long chainBalance) {}

    /**
     * Something else that differs.
     *
     * @param kind {@code nonce} or {@code bill}
     * @param subject of nonces the account and the word, {@code 0x…/3}; of a bill its hash
     * @param booked as the database has it: of a word its 256 bits, of a bill the authorisation that paid it, or zero
     * @param chain as the contract has it
     */
    public record Finding(String kind, String subject, String booked, String chain) {}

    /** Whether all agreed. */
    public boolean agrees() {
        return drift() == 0;
    }

    /** How many things differ. */
    int drift() {
        return differences.size() + findings.size() + (supply == chainSupply ? 0 : 1);
    }
}
