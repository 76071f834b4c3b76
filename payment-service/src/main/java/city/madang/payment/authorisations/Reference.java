package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What {@code billHash} is when it is neither zero nor a bill's own hash: SHA-256(label ‖ what is referred to ‖ the payer's
 * account ‖ nonce, 32 bytes each). So the payer signs what the money is for, the contract takes each reference once without two
 * payers ever meeting, and who can't name the bill learns nothing from it.
 */
final class Reference {

    private static final String INSTALMENT = "madang:instalment";
    private static final String REFUND = "madang:refund";

    private Reference() {}

    /** For a part of the bill with this hash. */
    static Bytes32 instalment(Bytes32 billHash, Bytes32 payer, BigInteger nonce) {
        return of(INSTALMENT, billHash, payer, nonce);
    }

    /** For paying back the payment with this id. */
    static Bytes32 refund(Bytes32 payment, Bytes32 payer, BigInteger nonce) {
        return of(REFUND, payment, payer, nonce);
    }

    private static Bytes32 of(String label, Bytes32 of, Bytes32 payer, BigInteger nonce) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(label.getBytes(StandardCharsets.US_ASCII));
            sha256.update(of.bytes());
            sha256.update(payer.bytes());
            return Bytes32.of(sha256.digest(Bytes32.of(nonce).bytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
