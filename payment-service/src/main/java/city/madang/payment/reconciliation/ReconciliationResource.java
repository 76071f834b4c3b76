package city.madang.payment.reconciliation;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The latest comparison, for auditors. */
@Path("/payment/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(CurrentCaller.AUDITOR)
public class ReconciliationResource {

    private final Reconciler reconciler;

    ReconciliationResource(Reconciler reconciler) {
        this.reconciler = reconciler;
    }

    @GET
    @Operation(summary = "The latest comparison of the database with the contract")
    public Uni<Reconciliation> latest() {
        return reconciler
                .latest()
                .map(latest -> latest.orElseThrow(() -> CommonProblem.NOT_FOUND.with("nothing was compared yet")));
    }
}
