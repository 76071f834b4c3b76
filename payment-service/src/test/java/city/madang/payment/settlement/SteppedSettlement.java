package city.madang.payment.settlement;

import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.function.Supplier;

/** Settlement that works when a test says so. */
@ApplicationScoped
public class SteppedSettlement {

    /** The settler itself rests. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("madang.settlement.enabled", "false");
        }
    }

    private final Settlement settlement;

    SteppedSettlement(Settlement settlement) {
        this.settlement = settlement;
    }

    /** Settles everything that waits, opening accounts first where it must. */
    public void settleAll() {
        while (city.madang.payment.testing.City.number("select count(*) from transfer where state = 'accepted'") > 0) {
            settlement.turn();
        }
    }

    /** Lets it work while something is done that needs it. */
    public <T> T during(Supplier<T> work) {
        return Turns.during(settlement, work);
    }
}
