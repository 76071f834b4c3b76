package city.madang.contracts;

import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.utils.Numeric;

/**
 * What a transaction offers for gas, in wei.
 *
 * @param most the highest price of one gas; on a chain without a base fee, the price itself
 * @param tip what goes to the validator beyond the base fee (EIP-1559); null on a chain without a base fee
 */
public record Fee(BigInteger most, @Nullable BigInteger tip) {

    /** Nodes take another transaction of the same number when it offers a tenth more. */
    private static final long RAISE_PERCENT = 12;

    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    /**
     * What the chain asks at this moment: on a chain with a base fee twice that and the tip that the node suggests, which outlasts
     * five full blocks (each raises the base fee by an eighth at most); on one without, the node's gas price, zero where gas
     * is free.
     */
    public static Fee now(Chain chain) {
        String baseFee = Chain.ask(chain.web3j().ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false), Map.of())
                .getBlock()
                .getBaseFeePerGasRaw();
        BigInteger base = baseFee == null ? BigInteger.ZERO : Numeric.decodeQuantity(baseFee);
        if (base.signum() == 0) {
            // no base fee, or a chain without fees
            return new Fee(Chain.ask(chain.web3j().ethGasPrice(), Map.of()).getGasPrice(), null);
        }
        BigInteger tip =
                Chain.ask(chain.web3j().ethMaxPriorityFeePerGas(), Map.of()).getMaxPriorityFeePerGas();
        return new Fee(base.shiftLeft(1).add(tip), tip);
    }

    /** Enough to take the place of a transaction that offered {@code before}, and at least this. */
    public Fee above(Fee before) {
        @Nullable BigInteger least = before.tip == null ? null : raised(before.tip);
        return new Fee(most.max(raised(before.most)), tip == null ? null : least == null ? tip : tip.max(least));
    }

    /** This, or what a purse allows if that is less. */
    public Fee atMost(BigInteger wei) {
        return most.compareTo(wei) <= 0 ? this : new Fee(wei, tip == null ? null : tip.min(wei));
    }

    private static BigInteger raised(BigInteger price) {
        // where gas is free it stays so
        return price.signum() == 0
                ? price
                : price.add(price.multiply(BigInteger.valueOf(RAISE_PERCENT)).divide(HUNDRED))
                        .add(BigInteger.ONE);
    }
}
