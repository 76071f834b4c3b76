package city.madang.records.applications.course;

/** Where an application stands, as callers see it. */
public enum State {
    SUBMITTED,
    DECIDING,
    GRANTED,
    SEALED,
    COMPLETED,
    REFUSED
}
