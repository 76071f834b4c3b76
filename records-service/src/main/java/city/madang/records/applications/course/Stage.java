package city.madang.records.applications.course;

import java.time.Instant;

/** Where an application is on its way. */
public sealed interface Stage {

    /** What it needs is not all there; what is missing at {@code until} makes it expire. */
    record Collecting(Instant until) implements Stage {}

    /** A rule or an officer has it. */
    record Deciding(Review review) implements Stage {}

    /** The applicant was asked, and answers before {@code until}. */
    record Asked(Review review, Instant until) implements Stage {}

    /** Refused, and before {@code until} open to an appeal. */
    record Refused(Review review, Instant until) implements Stage {}

    /** Its record is being sealed. */
    record Granted() implements Stage {}

    /** The record is sealed, the credential not yet issued. */
    record Sealed() implements Stage {}

    /** The credential failed for good: the record is being revoked. */
    record Revoking() implements Stage {}

    record Completed() implements Stage {}

    /** Ended without being granted in effect. Only the fee still moves. */
    record Closed(Outcome outcome) implements Stage {}
}
