package city.madang.contracts;

import java.math.BigInteger;

/**
 * What a wallet signs to hold money for a payee: the EIP-712 struct {@code Hold} of the ledger's messages. Whoever has the
 * capturer's key takes as much of it as a {@link HoldCapture} says, once.
 *
 * @param from the payer's account
 * @param keyVersion the version of the payer's key, 32 bits unsigned
 * @param to the account that receives
 * @param capturer the account whose key captures: {@code to}, or another where that has no key
 * @param maxAmount won that may be taken at most
 * @param billHash salted hash of the bill that this pays, {@link Bytes32#ZERO} for none; what pays a bill is taken whole
 * @param nonce 256 bits unsigned, of the same nonces as payments
 * @param validAfter first unix second in which it may settle
 * @param validBefore first unix second in which it may no longer settle
 */
public record HoldAuthorisation(
        Bytes32 from,
        long keyVersion,
        Bytes32 to,
        Bytes32 capturer,
        long maxAmount,
        Bytes32 billHash,
        BigInteger nonce,
        long validAfter,
        long validBefore) {

    private static final Bytes32 TYPE_HASH =
            LedgerDomain.keccak("Hold(bytes32 from,uint32 keyVersion,bytes32 to,bytes32 capturer,uint64 maxAmount,"
                    + "bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)");

    /** @throws IllegalArgumentException when a number is negative or too large for the struct */
    public HoldAuthorisation {
        // a payment's members have the same bounds
        new PayAuthorisation(from, keyVersion, to, maxAmount, billHash, nonce, validAfter, validBefore);
    }

    /** EIP-712 {@code hashStruct}. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(
                TYPE_HASH,
                from,
                word(keyVersion),
                to,
                capturer,
                word(maxAmount),
                billHash,
                Bytes32.of(nonce),
                word(validAfter),
                word(validBefore));
    }

    /** The 66 bytes that the payer's key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }

    /** SHA-256 of {@link #message}: the hold's id. */
    public Bytes32 id(Bytes32 domainSeparator) {
        return LedgerDomain.sha256(message(domainSeparator));
    }

    private static Bytes32 word(long unsigned) {
        return Bytes32.of(BigInteger.valueOf(unsigned));
    }
}
