package city.madang.payment.chain;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** {@code madang_payment_ledger_refused}: 1 while this service refuses the chain, which people must look at; else 0. */
@ApplicationScoped
public class LedgerMeters {

    private final LedgerGate gate;
    private final MeterRegistry meters;

    LedgerMeters(LedgerGate gate, MeterRegistry meters) {
        this.gate = gate;
        this.meters = meters;
    }

    void start(@Observes StartupEvent started) {
        meters.gauge("madang.payment.ledger.refused", gate, LedgerMeters::refused);
    }

    private static double refused(LedgerGate gate) {
        return switch (gate.state()) {
            case LedgerState.Ready _, LedgerState.Connecting _ -> 0;
            case LedgerState.Refused _, LedgerState.RolledBack _ -> 1;
        };
    }
}
