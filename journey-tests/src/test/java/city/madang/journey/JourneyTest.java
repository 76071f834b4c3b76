package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.journey.evidence.Evidence;
import city.madang.journey.evidence.Finding;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The main job against the whole suite as it is run: packaged services, real servers, the public origin alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
class JourneyTest {

    private static Evidence first;

    @Test
    @Order(1)
    void a_citizen_gets_a_permit_without_paper_and_an_outsider_proves_it() {
        first = journey("first", new Progress() {}).play();

        assertAllHold(first.check());
        assertTrue(first.checkTampered().stream().noneMatch(Finding::holds));
    }

    @Test
    @Order(2)
    void the_saga_finishes_whichever_service_is_killed_on_the_way() {
        Map<Step, String> kills = new EnumMap<>(Map.of(
                Step.RESIDENCY, "gateway",
                Step.FUND, "payment-service",
                Step.PRESENT, "identity-service",
                Step.PAY, "payment-service",
                Step.SEAL, "records-service"));
        Evidence evidence = journey("killed", new Progress() {
                    @Override
                    public void underWay(Step step) {
                        String victim = kills.remove(step);
                        if (victim != null) {
                            TestStack.get().service(victim).kill();
                        }
                    }
                })
                .play();

        assertEquals(Map.of(), kills);
        assertAllHold(evidence.check());
    }

    @Test
    @Order(3)
    void what_was_proven_stays_proven_after_a_restart_and_new_work_goes_on() {
        TestStack.restart();

        assertAllHold(first.at(TestStack.get().chainNode()).check());
        assertAllHold(journey("restarted", new Progress() {}).play().check());
    }

    private static Journey journey(String name, Progress progress) {
        return new Journey(TestStack.city(), TestStack.CHECKOUT, TestStack.home(name), progress);
    }

    private static void assertAllHold(List<Finding> findings) {
        assertEquals(
                List.of(), findings.stream().filter(finding -> !finding.holds()).toList());
    }
}
