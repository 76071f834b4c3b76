package city.madang.kit.fetch;

/** Nothing was fetched. The message holds nothing of the address or of what it answered: both were chosen by others. */
public final class FetchFailed extends Exception {

    /** Why. */
    public enum Reason {
        /** The address is not one that may be fetched, or leads where nothing may be fetched from. */
        REFUSED,
        /** There is no such host, it does not answer, or its certificate is not good. */
        UNREACHABLE,
        /** It took too long. */
        TIMEOUT,
        /** It answered something else than 200. */
        STATUS,
        /** It answered with another media type, or with a content encoding. */
        WRONG_TYPE,
        TOO_LARGE,
        /** Too many fetches are under way, in all or from this host. */
        BUSY
    }

    private final Reason reason;

    FetchFailed(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
