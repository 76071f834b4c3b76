package city.madang.contracts;

/**
 * What of an account changes: all but its key, of which the version tells.
 *
 * @param keyVersion as in {@link LedgerAccount}
 * @param balance won
 * @param frozen whether it is stopped from paying
 */
public record AccountStanding(long keyVersion, long balance, boolean frozen) {}
