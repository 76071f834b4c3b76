package city.madang.devstack.keycloak;

import java.util.List;
import java.util.stream.Stream;

/** Who can sign in to a development stack. */
public final class People {

    /** Agencies; each has a confidential client of its name. */
    public static final List<String> AGENCIES = List.of("city-hall", "transport", "treasury");

    /** The client of a system of {@code transport} that proves itself by certificate and gets tokens bound to it (RFC 8705). */
    public static final String CERTIFIED_SYSTEM = "transport-system";

    /** The client with which the identity service signs citizens in. */
    public static final String SIGN_IN_CLIENT = "madang-identity";

    /** The client with which the identity service keeps the clients of agencies. */
    public static final String REGISTRY_CLIENT = "madang-registry";

    /** Clients that have a secret. */
    public static final List<String> CONFIDENTIAL_CLIENTS = Stream.concat(
                    AGENCIES.stream(), Stream.of(SIGN_IN_CLIENT, REGISTRY_CLIENT))
            .toList();

    /** Those who have a second factor and can sign in at level 2. */
    public static final List<String> WITH_ONE_TIME_CODE = List.of("minji");

    /** All people. */
    public static final List<Person> ALL = List.of(
            new Person("minji", "민지", "김", "1990-03-14", List.of("citizen"), ""),
            new Person("junho", "준호", "이", "1985-11-02", List.of("citizen"), ""),
            new Person("officer.cityhall", "서연", "박", "", List.of("officer", "registrar"), "city-hall"),
            new Person("officer.transport", "도윤", "최", "", List.of("officer"), "transport"),
            new Person("treasurer.a", "하준", "정", "", List.of("officer", "treasurer"), "treasury"),
            new Person("treasurer.b", "지우", "강", "", List.of("officer", "treasurer"), "treasury"),
            new Person("auditor", "수아", "조", "", List.of("auditor"), ""));

    /** Test realms only: password for a token. */
    public static final String TEST_CLIENT = "madang-tests";

    /** Test realms only: tokens live for a second. */
    public static final String TEST_CLIENT_BRIEF = "madang-tests-brief";

    /** Test realms only: tokens are not meant for the suite. */
    public static final String TEST_CLIENT_OTHER_AUDIENCE = "madang-tests-other-audience";

    private People() {}

    /**
     * A user.
     *
     * @param birthdate {@code YYYY-MM-DD}, empty if it is nobody's business
     * @param agency slug of the agency for which the person acts, empty for none
     */
    public record Person(
            String name, String givenName, String familyName, String birthdate, List<String> roles, String agency) {}
}
