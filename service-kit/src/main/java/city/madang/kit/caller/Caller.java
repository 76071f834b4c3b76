package city.madang.kit.caller;

/** Who calls, as the access token says. */
public sealed interface Caller {

    /** The token's {@code sub}: a random UUID, the only reference to a person that leaves a database. */
    String subject();

    record Citizen(String subject) implements Caller {}

    /** A system of an agency, signed in as the agency itself. */
    record Agency(String subject, String agency) implements Caller {}

    /** A person who acts for an agency. */
    record Officer(String subject, String agency) implements Caller {}

    record Auditor(String subject) implements Caller {}
}
