package city.madang.identity.status;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at issued credentials or changes their status.
 *
 * @param role as it is recorded
 * @param agency that the caller acts for
 * @param holder the caller as a citizen; a person may be both
 */
record Actor(String subject, String role, @Nullable String agency, @Nullable String holder) {

    static Actor of(CurrentCaller caller) {
        String holder = caller.has(CurrentCaller.CITIZEN) ? caller.citizen().subject() : null;
        return switch (caller.any()) {
            case Caller.Agency agency -> new Actor(agency.subject(), CurrentCaller.AGENCY, agency.agency(), holder);
            case Caller.Officer officer ->
                new Actor(officer.subject(), CurrentCaller.OFFICER, officer.agency(), holder);
            case Caller.Auditor auditor -> new Actor(auditor.subject(), CurrentCaller.AUDITOR, null, holder);
            case Caller.Citizen citizen -> new Actor(citizen.subject(), CurrentCaller.CITIZEN, null, holder);
        };
    }

    /** Acts for the agency that issued it. */
    boolean isIssuerOf(Issuance issuance) {
        return issuance.agency().equals(agency);
    }

    boolean maySee(Issuance issuance) {
        return isIssuerOf(issuance) || issuance.holder().equals(holder);
    }

    String roleTowards(Issuance issuance) {
        return isIssuerOf(issuance) ? role : CurrentCaller.CITIZEN;
    }
}
