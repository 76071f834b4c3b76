package city.madang.records.sealing;

/** Where the sealer has written something, or is about to: where a process may die. */
enum WritePoint {
    /** The job is leased to this worker. */
    CLAIMED,
    /** Signed, nothing stored. */
    SIGNED,
    /** The claims for the credential lie in the handover store. */
    HANDED_OVER,
    /** The PDF is in the blob store. */
    PDF_KEPT,
    /** The JSON is in the blob store. */
    JSON_KEPT,
    /** In the transaction: the job is gone. */
    JOB_DELETED,
    /** In the transaction: the record is there. */
    RECORD_INSERTED,
    /** In the transaction: the entry is queued for the log; the commit is next. */
    ENTRY_QUEUED,
    /** Committed, nothing done since. */
    COMMITTED;

    /** Lets a test die here; outside of tests nothing happens. */
    @FunctionalInterface
    interface Crash {

        Crash NEVER = point -> {};

        void at(WritePoint point);
    }

    /** Thrown by a test where a process dies: nothing is tidied up after it. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
