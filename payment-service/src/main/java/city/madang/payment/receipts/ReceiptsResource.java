package city.madang.payment.receipts;

import city.madang.contracts.LedgerDomain;
import city.madang.kit.caller.CurrentCaller;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.authorisations.AuthorisationView;
import city.madang.payment.authorisations.Authorisations;
import city.madang.payment.authorisations.Transfer;
import city.madang.payment.chain.LedgerGate;
import city.madang.payment.problems.PaymentProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Statements of settled payments. */
@Path("/payment/authorisations/{id}/receipt")
public class ReceiptsResource {

    private final Authorisations authorisations;
    private final ReceiptSigner signer;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final Vertx vertx;

    ReceiptsResource(
            Authorisations authorisations, ReceiptSigner signer, LedgerGate gate, OwnerOfCall call, Vertx vertx) {
        this.authorisations = authorisations;
        this.signer = signer;
        this.gate = gate;
        this.call = call;
        this.vertx = vertx;
    }

    @GET
    @Produces("application/jwt")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
    @Operation(summary = "The signed statement of a settled payment, a compact JWS")
    public Uni<String> receipt(@Pattern(regexp = "0x[0-9a-f]{64}") String id) {
        LedgerDomain domain = gate.ready().contract().domain();
        return authorisations
                .get(call.owner(), id)
                .map(Transfer::view)
                .invoke(view -> {
                    if (!view.state().equals("settled")) {
                        throw PaymentProblem.NOT_SETTLED.with("the payment is " + view.state());
                    }
                })
                .chain(view -> Uni.createFrom()
                        .completionStage(() -> vertx.executeBlocking(() -> sign(view, domain), false)
                                .toCompletionStage()));
    }

    private String sign(AuthorisationView view, LedgerDomain domain) {
        return signer.sign(view, domain.chainId().longValueExact(), domain.verifyingContract(), Instant.now());
    }
}
