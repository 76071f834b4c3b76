package city.madang.gateway.routing;

/** What a caller must show at the door before an operation. Whether he may do it is decided by the service, always. */
public enum Access {
    /** Nothing, and what is shown is not looked at. */
    OPEN,
    /** Nothing; but an access token that is shown must be good. */
    OPTIONAL,
    /** An access token of Keycloak. */
    TOKEN,
    /**
     * A token of the authorization server for wallets, which only that server can read: the door checks the form, and the
     * proof of the key that it is bound to.
     */
    WALLET
}
