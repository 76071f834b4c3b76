package city.madang.payment.accounts;

import city.madang.kit.caller.CurrentCaller;
import jakarta.enterprise.context.RequestScoped;

/** The owner in whose name the current request acts. */
@RequestScoped
public class OwnerOfCall {

    private final CurrentCaller caller;

    OwnerOfCall(CurrentCaller caller) {
        this.caller = caller;
    }

    /** The agency if an agency calls, else the citizen. */
    public Owner owner() {
        return caller.has(CurrentCaller.AGENCY)
                ? Owner.agency(caller.agency().agency())
                : Owner.citizen(caller.citizen().subject());
    }

    /** The token's {@code sub}, which a key proof must name. */
    public String subject() {
        return caller.has(CurrentCaller.AGENCY)
                ? caller.agency().subject()
                : caller.citizen().subject();
    }
}
