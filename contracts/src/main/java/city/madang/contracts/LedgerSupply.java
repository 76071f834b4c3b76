package city.madang.contracts;

import java.math.BigInteger;

/**
 * The ledger's money at one block.
 *
 * @param blockNumber the block
 * @param blockHash its hash, {@code 0x}-hex
 * @param timestamp its unix second
 * @param supply won in all accounts together
 * @param reserve won that the auditor had attested last
 * @param minted won that were ever minted
 * @param burned won that were ever burned
 * @param redemption won that wait to be burned
 */
public record LedgerSupply(
        long blockNumber,
        String blockHash,
        long timestamp,
        long supply,
        BigInteger reserve,
        long minted,
        long burned,
        long redemption) {}
