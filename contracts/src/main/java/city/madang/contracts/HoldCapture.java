package city.madang.contracts;

import java.math.BigInteger;

/**
 * What the capturer's key signs to take of a hold: the EIP-712 struct {@code Capture}.
 *
 * @param hold the hold's id
 * @param keyVersion the version of the capturer's key
 * @param amount won, at most what the hold names
 */
public record HoldCapture(Bytes32 hold, long keyVersion, long amount) {

    private static final Bytes32 TYPE_HASH =
            LedgerDomain.keccak("Capture(bytes32 hold,uint32 keyVersion,uint64 amount)");

    /** EIP-712 {@code hashStruct}. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(
                TYPE_HASH, hold, Bytes32.of(BigInteger.valueOf(keyVersion)), Bytes32.of(BigInteger.valueOf(amount)));
    }

    /** The 66 bytes that the capturer's key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }
}
