package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A transfer's row, to be read only: the paths that accept and settle write it. */
@Entity
@Immutable
@Table(name = "transfer")
public class Transfer {

    @Id
    String id;

    /** Order of acceptance. */
    long position;

    String payer;

    @Column(name = "key_version")
    int keyVersion;

    String payee;
    long amount;

    @Column(name = "bill_hash")
    String billHash;

    @Nullable
    UUID bill;

    String nonce;

    @Column(name = "valid_after")
    long validAfter;

    @Column(name = "valid_before")
    long validBefore;

    String signature;
    String state;

    @Nullable
    String reason;

    Instant accepted;

    @Nullable
    Instant finished;

    @Column(name = "transaction_hash")
    @Nullable
    String transactionHash;

    @Column(name = "block_number")
    @Nullable
    Long blockNumber;

    @Column(name = "captures_before")
    @Nullable
    Long capturesBefore;

    @Nullable
    String capturer;

    @Nullable
    Instant captured;

    @Column(name = "captured_amount")
    @Nullable
    Long capturedAmount;

    @Column(name = "capture_key_version")
    @Nullable
    Integer captureKeyVersion;

    @Column(name = "capture_signature")
    @Nullable
    String captureSignature;

    @Column(name = "refund_of")
    @Nullable
    String refundOf;

    long refunded;

    protected Transfer() {}

    /** As the API shows it. */
    public AuthorisationView view() {
        return new AuthorisationView(
                id,
                state,
                reason,
                payer,
                keyVersion,
                payee,
                amount,
                billHash,
                bill == null ? null : bill.toString(),
                new Bytes32(nonce).unsigned().toString(),
                validAfter,
                validBefore,
                accepted,
                finished,
                transactionHash,
                blockNumber,
                capturesBefore,
                capturer,
                captured,
                capturedAmount,
                refundOf,
                state.equals("settled") ? refunded : null);
    }

    long position() {
        return position;
    }

    /** The payer's signature, base64url. */
    public String signature() {
        return signature;
    }
}
