package city.madang.kit.caller;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** For citizens alone. */
@Path("/guarded")
@RolesAllowed(CurrentCaller.CITIZEN)
public class GuardedResource {

    @GET
    public String get() {
        return "yours";
    }
}
