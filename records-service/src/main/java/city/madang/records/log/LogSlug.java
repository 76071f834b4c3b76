package city.madang.records.log;

/** The form of an agency's name in a path. */
final class LogSlug {

    static final String FORM = "[a-z][a-z0-9-]{1,30}";

    private LogSlug() {}
}
