package city.madang.payment.bills;

import city.madang.contracts.Bytes32;
import city.madang.payment.money.Won;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The salted hash by which the chain knows a bill: SHA-256(salt ‖ JCS of {@code {"amount", "bill", "currency", "payee"}}).
 */
public final class BillHash {

    private BillHash() {}

    /**
     * Computes it.
     *
     * @param salt 32 random bytes, told to debtor and payee only
     * @param bill the bill's id
     * @param amount won
     * @param payee the account that receives
     */
    public static Bytes32 of(Bytes32 salt, UUID bill, long amount, String payee) {
        // RFC 8785: members in order, no spaces, integers as they are; no member needs escaping
        String canonical = "{\"amount\":" + amount + ",\"bill\":\"" + bill + "\",\"currency\":\"" + Won.CURRENCY
                + "\",\"payee\":\"" + payee + "\"}";
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt.bytes());
            return Bytes32.of(sha256.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
