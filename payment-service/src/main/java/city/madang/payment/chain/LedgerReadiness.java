package city.madang.payment.chain;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the ledger has been reached and compared. */
@Readiness
@ApplicationScoped
public class LedgerReadiness implements HealthCheck {

    private final LedgerGate gate;

    LedgerReadiness(LedgerGate gate) {
        this.gate = gate;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("ledger");
        return switch (gate.state()) {
            case LedgerState.Ready ready ->
                response.up().withData("contract", ready.contract().address()).build();
            case LedgerState.Connecting connecting ->
                response.down().withData("why", connecting.why()).build();
            case LedgerState.RolledBack lost ->
                response.down().withData("why", lost.why()).build();
            case LedgerState.Refused refused ->
                response.down().withData("why", refused.why()).build();
        };
    }
}
