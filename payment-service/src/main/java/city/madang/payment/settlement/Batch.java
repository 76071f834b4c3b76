package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.CapturedHold;
import city.madang.contracts.HoldAuthorisation;
import city.madang.contracts.P256Signature;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.SettlementItem;
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
 * @param hashes of the transactions in which it was perhaps sent, oldest first; empty when none was signed
 * @param items in the order in which they were accepted
 */
record Batch(long id, List<String> hashes, List<Item> items) {

    /** Keeps copies of its own. */
    Batch {
        hashes = List.copyOf(hashes);
        items = List.copyOf(items);
    }

    /**
     * A transfer of the batch.
     *
     * @param id the authorisation's id
     * @param pay what the payer signed; of a hold all but its capturer
     * @param signature base64url of r ‖ s
     * @param capture what was taken of a hold; null for a payment
     * @param bill the bill that it pays
     * @param application the application whose fee the bill is
     * @param refundOf the payment that it pays back
     * @param accepted when it was accepted, or captured if it had been held
     * @param traceparent the trace that its settlement continues; null while nothing is traced
     */
    record Item(
            Bytes32 id,
            PayAuthorisation pay,
            String signature,
            @Nullable Capture capture,
            @Nullable UUID bill,
            @Nullable String application,
            @Nullable String refundOf,
            Instant accepted,
            @Nullable String traceparent) {

        /** The same, settled within another span. */
        Item within(@Nullable String span) {
            return new Item(id, pay, signature, capture, bill, application, refundOf, accepted, span);
        }

        SettlementItem signed() {
            return capture == null
                    ? new SignedPayment(pay, Batch.signature(signature))
                    : new CapturedHold(
                            new HoldAuthorisation(
                                    pay.from(),
                                    pay.keyVersion(),
                                    pay.to(),
                                    capture.capturer(),
                                    pay.amount(),
                                    pay.billHash(),
                                    pay.nonce(),
                                    pay.validAfter(),
                                    pay.validBefore()),
                            Batch.signature(signature),
                            capture.keyVersion(),
                            capture.amount(),
                            Batch.signature(capture.signature()));
        }

        /** Won that move. */
        long moved() {
            return capture == null ? pay.amount() : capture.amount();
        }
    }

    /**
     * What was taken of a hold.
     *
     * @param capturer the account whose key signed it
     * @param keyVersion of that key
     * @param amount won
     * @param signature base64url of r ‖ s
     */
    record Capture(Bytes32 capturer, long keyVersion, long amount, String signature) {}

    private static P256Signature signature(String base64) {
        return P256Signature.of(Base64.getUrlDecoder().decode(base64));
    }

    List<SettlementItem> signed() {
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
