package city.madang.records.applications.course;

/** Who decides an application when all that it needs is there. */
public enum DecidedBy {
    /** Nobody: it is granted. */
    ITSELF,
    /** The rule of its service, which may leave it to an officer. */
    RULE,
    OFFICER
}
