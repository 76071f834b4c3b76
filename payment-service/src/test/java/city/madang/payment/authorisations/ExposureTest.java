package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.payment.settlement.SteppedSettlement;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A chain that is away for long: nothing settles until the test says so. */
@PaymentTest
@TestProfile(ExposureTest.Small.class)
class ExposureTest {

    public static class Small extends SteppedSettlement.Profile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("madang.acceptance.exposure-max", "1000");
            return overrides;
        }
    }

    @Inject
    SteppedSettlement settlement;

    @Test
    void accepting_goes_on_up_to_the_exposure_and_again_when_the_ledger_has_caught_up() {
        Wallet[] wallets = settlement.during(() -> {
            Wallet payee = City.wallet("junho");
            Api.await(() -> payee.state().getString("state"), "open"::equals);
            return new Wallet[] {City.wallet("minji", 10_000), payee};
        });
        settlement.settleAll();
        Wallet payer = wallets[0];
        String payee = wallets[1].account;
        JsonObject first = payer.signed(payer.pay(payee, 600, null));
        Api.await(() -> payer.submit(first), answer -> answer.status() != 503);
        City.expect(201, payer.submit(payer.pay(payee, 300, null)));

        JsonObject beyond = payer.signed(payer.pay(payee, 101, null));
        Api.Answer refused = City.expect(503, payer.submit(beyond));
        assertEquals("exposure-reached", refused.problem());
        assertTrue(refused.response().headers().firstValueAsLong("Retry-After").orElse(0) > 0);
        City.expect(201, payer.submit(payer.pay(payee, 100, null)));
        // a hold owes the ledger nothing yet, and what was accepted still gets its answer
        City.expect(201, payer.submit(payer.hold(payee, 5_000, null, 600)));
        assertTrue(City.expect(200, payer.submit(first)).replayed());
        assertEquals(4_000, payer.state().getLong("available"));

        settlement.settleAll();

        assertEquals(
                201,
                Api.await(() -> payer.submit(beyond), answer -> answer.status() != 503)
                        .status());
        settlement.settleAll();
        assertEquals(1_101, wallets[1].state().getLong("available"));
    }
}
