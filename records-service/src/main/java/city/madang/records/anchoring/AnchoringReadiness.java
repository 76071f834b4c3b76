package city.madang.records.anchoring;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Says how anchoring fares. Always up: records are sealed and verified whether or not they are anchored. */
@Readiness
@ApplicationScoped
public class AnchoringReadiness implements HealthCheck {

    private final Anchorer anchorer;

    AnchoringReadiness(Anchorer anchorer) {
        this.anchorer = anchorer;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("anchoring")
                .up()
                .withData("contract", anchorer.contractState())
                .withData("refused_logs", String.join(" ", anchorer.refusedLogs()))
                .build();
    }
}
