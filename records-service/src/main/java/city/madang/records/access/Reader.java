package city.madang.records.access;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to read.
 *
 * @param kind {@code citizen}, {@code agency} or {@code officer}
 * @param subject of the token
 * @param agency for which a system or an officer acts
 */
public record Reader(String kind, String subject, @Nullable String agency) {

    public static final String CITIZEN = "citizen";
    public static final String AGENCY = "agency";
    public static final String OFFICER = "officer";

    /** The caller in the first of its roles: agency, officer, citizen. */
    public static Reader of(CurrentCaller caller) {
        return switch (caller.any()) {
            case Caller.Agency system -> new Reader(AGENCY, system.subject(), system.agency());
            case Caller.Officer officer -> new Reader(OFFICER, officer.subject(), officer.agency());
            case Caller.Citizen citizen -> new Reader(CITIZEN, citizen.subject(), null);
            case Caller.Auditor auditor -> new Reader("auditor", auditor.subject(), null);
        };
    }

    boolean isCitizen() {
        return kind.equals(CITIZEN);
    }
}
