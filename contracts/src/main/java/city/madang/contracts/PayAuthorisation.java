package city.madang.contracts;

import java.math.BigInteger;

/**
 * What a wallet signs to pay: the EIP-712 struct {@code Pay} of the ledger's messages. Any values that the struct can hold are
 * taken; whether the ledger would accept them (amount, window, accounts) is for the caller and the contract to check.
 *
 * @param from the payer's account
 * @param keyVersion the version of the payer's key, 32 bits unsigned
 * @param to the payee's account
 * @param amount won
 * @param billHash salted hash of the bill that this pays, {@link Bytes32#ZERO} for a plain transfer
 * @param nonce 256 bits unsigned: word {@code nonce >> 8}, bit {@code nonce & 0xff}
 * @param validAfter first unix second in which it may settle
 * @param validBefore first unix second in which it may no longer settle
 */
public record PayAuthorisation(
        Bytes32 from,
        long keyVersion,
        Bytes32 to,
        long amount,
        Bytes32 billHash,
        BigInteger nonce,
        long validAfter,
        long validBefore) {

    private static final long KEY_VERSION_MAX = 0xffff_ffffL;

    private static final Bytes32 TYPE_HASH = LedgerDomain.keccak("Pay(bytes32 from,uint32 keyVersion,bytes32 to,"
            + "uint64 amount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)");

    /** @throws IllegalArgumentException when a number is negative or too large for the struct */
    public PayAuthorisation {
        if (keyVersion < 0 || keyVersion > KEY_VERSION_MAX) {
            throw new IllegalArgumentException("keyVersion is not an unsigned 32-bit integer");
        }
        if (amount < 0 || validAfter < 0 || validBefore < 0) {
            throw new IllegalArgumentException("amount and times can't be negative");
        }
        if (nonce.signum() < 0 || nonce.bitLength() > 256) {
            throw new IllegalArgumentException("nonce is not an unsigned 256-bit integer");
        }
    }

    /** EIP-712 {@code hashStruct}: Keccak-256 of the type's hash and the members, a word each. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(
                TYPE_HASH,
                from,
                word(keyVersion),
                to,
                word(amount),
                billHash,
                Bytes32.of(nonce),
                word(validAfter),
                word(validBefore));
    }

    /** The 66 bytes that the payer's key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }

    /** SHA-256 of {@link #message}: the authorisation's id, whatever its signature's bytes are. */
    public Bytes32 id(Bytes32 domainSeparator) {
        return LedgerDomain.sha256(message(domainSeparator));
    }

    private static Bytes32 word(long unsigned) {
        return Bytes32.of(BigInteger.valueOf(unsigned));
    }
}
