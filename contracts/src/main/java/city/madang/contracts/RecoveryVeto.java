package city.madang.contracts;

import java.math.BigInteger;

/**
 * What an account's present key signs to stop its replacement: the EIP-712 struct {@code VetoRecovery}.
 *
 * @param account the account
 * @param keyVersion the present key's version
 * @param number which recovery of the account
 * @param newX the point that was proposed, with {@code newY}
 * @param newY see {@code newX}
 */
public record RecoveryVeto(Bytes32 account, long keyVersion, long number, Bytes32 newX, Bytes32 newY) {

    private static final Bytes32 TYPE_HASH = LedgerDomain.keccak(
            "VetoRecovery(bytes32 account,uint32 keyVersion,uint32 number,uint256 newX,uint256 newY)");

    /** EIP-712 {@code hashStruct}. */
    public Bytes32 structHash() {
        return LedgerDomain.keccak(
                TYPE_HASH,
                account,
                Bytes32.of(BigInteger.valueOf(keyVersion)),
                Bytes32.of(BigInteger.valueOf(number)),
                newX,
                newY);
    }

    /** The 66 bytes that the present key signs with ECDSA P-256 and SHA-256. */
    public byte[] message(Bytes32 domainSeparator) {
        return LedgerDomain.message(domainSeparator, structHash());
    }
}
