package city.madang.contracts;

import java.math.BigInteger;

/**
 * What a holder signs to give up a nonce on the ledger: the EIP-712 struct {@code CancelNonce}.
 *
 * @param account the account
 * @param keyVersion the present key's version
 * @param nonce 256 bits unsigned
 */
public record NonceCancellation(Bytes32 account, long keyVersion, BigInteger nonce) {

    private static final Bytes32 TYPE_HASH =
            LedgerDomain.keccak("CancelNonce(bytes32 account,uint32 keyVersion,uint256 nonce)");

    /** EIP-712 {@code hashStruct}. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(TYPE_HASH, account, Bytes32.of(BigInteger.valueOf(keyVersion)), Bytes32.of(nonce));
    }

    /** The 66 bytes that the present key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }
}
