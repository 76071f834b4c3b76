package city.madang.records.log;

/** What a log takes at once. */
final class LogLimits {

    /** Entries of one log sequenced in one transaction. */
    static final int TURN_ENTRIES = 8_192;

    /** Rows of the queue in the database that one transaction takes. */
    static final int TURN_ROWS = 2_000;

    /** Entries that may wait in memory for their turn, of one log in one process. Beyond, callers are asked to come again. */
    static final int WAITING_ENTRIES = 65_536;

    /** Entries of one request. */
    static final int BATCH_ENTRIES = 1_000;

    /** Characters of an idempotency key, what it is prefixed with included. */
    static final int KEY_LENGTH = 200;

    /** How often a turn is repeated that another process was faster than, before its callers are told to come again. */
    static final int ATTEMPTS = 20;

    private LogLimits() {}
}
