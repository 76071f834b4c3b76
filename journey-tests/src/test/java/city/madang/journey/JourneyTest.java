package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.stack.Stack;
import city.madang.devstack.stack.StackOptions;
import city.madang.journey.evidence.Evidence;
import city.madang.journey.evidence.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The main job against the whole suite as it is run: packaged services, real servers, the public origin alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JourneyTest {

    private static final Path CHECKOUT = Path.of(System.getProperty("madang.root", ".."));

    @TempDir
    static Path folder;

    private static Stack stack;
    private static Evidence first;

    @BeforeAll
    static void start() throws IOException {
        stack = Stack.start(StackOptions.isolated(folder.resolve("state")).reportingTo(System.out::println));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

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
                            stack.service(victim).kill();
                        }
                    }
                })
                .play();

        assertEquals(Map.of(), kills);
        assertAllHold(evidence.check());
    }

    @Test
    @Order(3)
    void what_was_proven_stays_proven_after_a_restart_and_new_work_goes_on() throws IOException {
        stack.close();
        stack = Stack.start(new StackOptions(folder.resolve("state"), OptionalInt.empty(), false, System.out::println));

        assertAllHold(first.at(stack.chainNode()).check());
        assertAllHold(journey("restarted", new Progress() {}).play().check());
    }

    private static Journey journey(String name, Progress progress) {
        return new Journey(City.of(stack), CHECKOUT, folder.resolve(name), progress);
    }

    private static void assertAllHold(List<Finding> findings) {
        assertEquals(
                List.of(), findings.stream().filter(finding -> !finding.holds()).toList());
    }
}
