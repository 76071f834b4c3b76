package city.madang.identity.agencies;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;

/**
 * Who changes something about an agency, as it is recorded.
 *
 * @param subject {@code sub} of the token
 */
public record Actor(String subject, String role) {

    /** A registrar, for any agency. */
    public static Actor registrar(CurrentCaller caller) {
        return new Actor(caller.officer().subject(), CurrentCaller.REGISTRAR);
    }

    /** A registrar, or an officer of this agency. */
    public static Actor registrarOrOfficerOf(CurrentCaller caller, String agency) {
        if (caller.has(CurrentCaller.REGISTRAR)) {
            return registrar(caller);
        }
        Caller.Officer officer = caller.officer();
        if (!officer.agency().equals(agency)) {
            throw CommonProblem.NOT_ALLOWED.with("this is for a registrar or an officer of the agency itself");
        }
        return new Actor(officer.subject(), CurrentCaller.OFFICER);
    }
}
