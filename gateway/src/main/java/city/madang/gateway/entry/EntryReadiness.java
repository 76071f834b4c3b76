package city.madang.gateway.entry;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when callers can connect. A service that is down does not make the gateway unready: the others still work. */
@Readiness
@Singleton
final class EntryReadiness implements HealthCheck {

    private final Entry entry;

    EntryReadiness(Entry entry) {
        this.entry = entry;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("entry").status(entry.port() > 0).build();
    }
}
