package city.madang.payment.receipts;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ReceiptSigner} makes, for the API's description.
 *
 * @param madangReceipt version of this form
 * @param statement compact JWS (RFC 7515 §7.1)
 * @param payerSignature base64url of r and s, by the payer's key
 * @param captureSignature likewise by the capturer's; of a captured hold alone
 */
@Schema(name = "Receipt", description = "A receipt that is checked without this service")
record ReceiptFile(
        @Schema(required = true, enumeration = "1") int madangReceipt,
        @NotNull @Schema(pattern = JWS) String statement,
        @NotNull @Schema(pattern = SIGNATURE) String payerSignature,
        @Nullable @Schema(pattern = SIGNATURE) String captureSignature,
        @NotNull Batch batch) {

    private static final String JWS = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$";
    private static final String SIGNATURE = "^[A-Za-z0-9_-]{86}$";

    /**
     * The way from the payment to the root of all that its transaction settled.
     *
     * @param index of the payment, from 0
     * @param size how many were settled
     * @param path hashes, from the leaf up
     */
    @Schema(name = "SettledPath")
    record Batch(
            @Schema(required = true, minimum = "0") int index,
            @Schema(required = true, minimum = "1") int size,
            @NotNull List<String> path) {}
}
