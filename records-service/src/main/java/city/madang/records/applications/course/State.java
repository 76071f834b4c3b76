package city.madang.records.applications.course;

/** Where an application stands, as callers see it. */
public enum State {
    SUBMITTED,
    DECIDING,
    /** The officer has asked the applicant something. */
    ASKED,
    GRANTED,
    SEALED,
    COMPLETED,
    REFUSED,
    WITHDRAWN,
    /** What was needed did not come in time. */
    EXPIRED,
    /** Its record is being revoked, since something that belongs to it failed for good. */
    REVOKING,
    /** Something failed for good after it was granted or before it could be decided. */
    FAILED
}
