package city.madang.payment.money;

import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Amounts as they come from outside: an integer of won (ISO 4217 gives it no minor unit) and a currency that may be named.
 * Every fault is a problem type of the same name.
 */
public final class Won {

    /** The only currency; the ledger's messages name none, because a ledger has one. */
    public static final String CURRENCY = "KRW";

    /** The most that one payment moves; the contract and the database know it too. */
    public static final long MAX = 1_000_000_000_000L;

    private static final BigInteger LARGEST = BigInteger.valueOf(MAX);

    private Won() {}

    /** Why an amount can't be paid. */
    public enum Fault {
        ZERO_AMOUNT,
        NEGATIVE_AMOUNT,
        AMOUNT_TOO_LARGE,
        FOREIGN_CURRENCY
    }

    /**
     * What is wrong with an amount, if anything.
     *
     * @param amount any integer
     * @param currency as the caller named it; null when the caller did not
     */
    public static Optional<Fault> fault(BigInteger amount, @Nullable String currency) {
        if (currency != null && !currency.equals(CURRENCY)) {
            return Optional.of(Fault.FOREIGN_CURRENCY);
        }
        if (amount.signum() == 0) {
            return Optional.of(Fault.ZERO_AMOUNT);
        }
        if (amount.signum() < 0) {
            return Optional.of(Fault.NEGATIVE_AMOUNT);
        }
        return amount.compareTo(LARGEST) > 0 ? Optional.of(Fault.AMOUNT_TOO_LARGE) : Optional.empty();
    }
}
