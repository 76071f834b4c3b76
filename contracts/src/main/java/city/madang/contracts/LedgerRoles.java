package city.madang.contracts;

/**
 * Who may do what on a ledger, by address ({@code 0x} and 40 lower-case hexadecimal digits). The treasurers differ; the auditor
 * is neither of them nor the operator; the identity authority is not the operator.
 *
 * @param operator opens and freezes accounts, brings authorisations; can't move money
 * @param auditor attests the reserve
 * @param treasurerA mints together with {@code treasurerB}
 * @param treasurerB see {@code treasurerA}
 * @param identityAuthority sets the first key of an account that was opened without one
 */
public record LedgerRoles(
        String operator, String auditor, String treasurerA, String treasurerB, String identityAuthority) {

    /** @throws IllegalArgumentException when one is no address */
    public LedgerRoles {
        operator = CallData.address(operator);
        auditor = CallData.address(auditor);
        treasurerA = CallData.address(treasurerA);
        treasurerB = CallData.address(treasurerB);
        identityAuthority = CallData.address(identityAuthority);
    }
}
