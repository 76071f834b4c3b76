package city.madang.contracts;

import java.math.BigInteger;

/**
 * What a wallet's present key signs to name the next: the EIP-712 struct {@code RotateKey}.
 *
 * @param account the account
 * @param keyVersion the present key's version; the new key gets the next
 * @param newX the new key's point on P-256, with {@code newY}
 * @param newY see {@code newX}
 */
public record KeyRotation(Bytes32 account, long keyVersion, Bytes32 newX, Bytes32 newY) {

    private static final Bytes32 TYPE_HASH =
            LedgerDomain.keccak("RotateKey(bytes32 account,uint32 keyVersion,uint256 newX,uint256 newY)");

    /** EIP-712 {@code hashStruct}. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(TYPE_HASH, account, Bytes32.of(BigInteger.valueOf(keyVersion)), newX, newY);
    }

    /** The 66 bytes that the present key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }
}
