package city.madang.records.applications.course;

/** What has become of the fee. */
public enum Fee {
    NONE,
    UNBILLED,
    BILLED,
    PAID,
    /** The bill was cancelled before anything was paid. */
    CANCELLED,
    /** What was paid is its payer's again. */
    RETURNED
}
