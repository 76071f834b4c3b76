package city.madang.contracts;

/**
 * An account as the ledger has it.
 *
 * @param x the key's point on P-256, with {@code y}; both zero when it has no key
 * @param y see {@code x}
 * @param keyVersion 0 without a key, 1 for the first key, one more for each rotation
 * @param balance won
 * @param frozen whether it is stopped from paying
 */
public record LedgerAccount(Bytes32 x, Bytes32 y, long keyVersion, long balance, boolean frozen) {}
