package city.madang.records.anchoring;

import city.madang.kit.problem.CommonProblem;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Where the anchor contract is. */
@Path("/records/anchor")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class AnchorResource {

    private final AnchorStore store;

    AnchorResource(AnchorStore store) {
        this.store = store;
    }

    public record Where(@JsonProperty("chain_id") long chainId, String contract) {}

    @GET
    public Uni<Where> where() {
        return store.contract().map(found -> found.map(at -> new Where(at.chainId(), at.address()))
                .orElseThrow(() -> CommonProblem.NOT_FOUND.with("no anchor contract is in use yet")));
    }
}
