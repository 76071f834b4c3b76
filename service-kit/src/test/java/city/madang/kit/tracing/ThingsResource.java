package city.madang.kit.tracing;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Fails with a message that repeats what was asked for. */
@Path("/things")
@PermitAll
public class ThingsResource {

    @GET
    @Path("{id}")
    public String get(@PathParam("id") String id) {
        throw new IllegalStateException("there is no " + id);
    }
}
