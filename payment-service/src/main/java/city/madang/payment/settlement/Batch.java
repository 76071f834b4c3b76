package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.P256Signature;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.SignedPayment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that go to the contract together.
 *
 * @param id in the database
 * @param transactionHash of the transaction that was perhaps sent; null when none was signed
 * @param items in the order in which they were accepted
 */
record Batch(long id, @Nullable String transactionHash, List<Item> items) {

    /** Keeps its own copy of {@code items}. */
    Batch {
        items = List.copyOf(items);
    }

    /**
     * A transfer of the batch.
     *
     * @param id the authorisation's id
     * @param pay what the payer signed
     * @param signature base64url of r ‖ s
     * @param bill the bill that it pays
     * @param application the application whose fee the bill is
     * @param refundOf the payment that it pays back
     * @param accepted when it was accepted, or captured if it had been held
     */
    record Item(
            Bytes32 id,
            PayAuthorisation pay,
            String signature,
            @Nullable UUID bill,
            @Nullable String application,
            @Nullable String refundOf,
            Instant accepted) {

        SignedPayment signed() {
            return new SignedPayment(
                    pay, P256Signature.of(Base64.getUrlDecoder().decode(signature)));
        }
    }

    List<SignedPayment> payments() {
        return items.stream().map(Item::signed).toList();
    }

    /** What identifies a batch: SHA-256 over its authorisations' ids in order, hex. */
    static String contentHash(List<String> ids) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            ids.forEach(id -> sha256.update(id.getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
