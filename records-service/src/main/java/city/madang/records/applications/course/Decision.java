package city.madang.records.applications.course;

/** How an application was decided. */
public enum Decision {
    GRANTED,
    REFUSED
}
