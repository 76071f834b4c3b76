package city.madang.identity.status;

/** What a status list says of a credential (draft-ietf-oauth-status-list §7.1). Only {@link #VALID} lets a credential pass. */
public enum CredentialStatus {
    VALID,
    /** Revoked, for ever. */
    INVALID,
    /** Not valid now, but may be again. */
    SUSPENDED,
    /** A value that has a meaning to its issuer alone. */
    OTHER,
    /**
     * No statement can be made: the reference is malformed or out of range, the list cannot be fetched, is stale, of another
     * agency or not to be trusted (§8.3: such a credential is to be refused).
     */
    UNAVAILABLE;

    /** What a value in a list means. */
    static CredentialStatus of(int value) {
        return switch (value) {
            case 0 -> VALID;
            case 1 -> INVALID;
            case 2 -> SUSPENDED;
            default -> OTHER;
        };
    }
}
