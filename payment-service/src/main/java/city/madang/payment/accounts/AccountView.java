package city.madang.payment.accounts;

/**
 * An account as its owner sees it.
 *
 * @param id {@code 0x} and 64 hexadecimal digits
 * @param state {@code opening} until the chain knows it, then {@code open}; it can be used in both;
 *     {@code closed}
 * @param keyVersion 0 without a key, 1 for the first
 * @param balance won that have settled here
 * @param available won that no accepted authorisation holds
 */
public record AccountView(String id, String state, int keyVersion, long balance, long available) {}
