package city.madang.payment.chain;

import java.util.function.LongSupplier;

/**
 * When a block can no longer be replaced.
 *
 * @param depth blocks that must stand on it; 0 where consensus makes a block final at once (QBFT, IBFT)
 */
public record Finality(int depth) {

    public Finality {
        if (depth < 0) {
            throw new IllegalArgumentException("madang.chain.finality-depth is negative");
        }
    }

    /** @param head number of the latest block, asked for only where it matters */
    public boolean isFinal(long block, LongSupplier head) {
        return depth == 0 || head.getAsLong() - block >= depth;
    }
}
