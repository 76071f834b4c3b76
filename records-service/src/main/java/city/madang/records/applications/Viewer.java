package city.madang.records.applications;

import city.madang.kit.caller.CurrentCaller;
import org.jspecify.annotations.Nullable;

/** Whose applications the caller sees. Exactly one of the two is null. */
record Viewer(@Nullable String agency, @Nullable String citizen) {

    static Viewer of(CurrentCaller caller) {
        if (caller.has(CurrentCaller.AGENCY)) {
            return new Viewer(caller.agency().agency(), null);
        }
        return caller.has(CurrentCaller.OFFICER)
                ? new Viewer(caller.officer().agency(), null)
                : new Viewer(null, caller.citizen().subject());
    }

    boolean maySee(Application application) {
        return application.agency.equals(agency) || application.applicant.equals(citizen);
    }
}
