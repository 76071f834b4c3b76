package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits in a lane is taken in its order, what was brought together is taken together, and nothing is left without a word. */
@Timeout(30)
class LaneTest {

    private static final int BATCH_MAX = 10;

    private final BlockingQueue<List<Integer>> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<Integer>> left = new LinkedBlockingQueue<>();

    @Test
    void all_is_taken_in_its_order_in_batches_that_are_never_too_large() throws InterruptedException {
        Lane<Integer> lane = lane(taken::add);
        IntStream.range(0, 100).forEach(i -> lane.add(List.of(i)));
        lane.start();
        List<Integer> all = new ArrayList<>();
        while (all.size() < 100) {
            List<Integer> batch = taken.take();
            assertTrue(batch.size() <= BATCH_MAX, () -> "a batch of " + batch.size());
            all.addAll(batch);
        }
        assertEquals(IntStream.range(0, 100).boxed().toList(), all);
        lane.stop();
    }

    @Test
    void what_was_brought_together_is_never_taken_apart() throws InterruptedException {
        Lane<Integer> lane = lane(taken::add);
        lane.add(List.of(1, 2, 3, 4, 5, 6));
        lane.add(List.of(7, 8, 9, 10, 11, 12));
        lane.start();
        assertEquals(List.of(1, 2, 3, 4, 5, 6), taken.take());
        assertEquals(List.of(7, 8, 9, 10, 11, 12), taken.take());
        lane.stop();
    }

    @Test
    void a_lane_that_stops_finishes_what_it_works_on_and_turns_the_others_away() throws InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Lane<Integer> lane = lane(batch -> {
            atWork.countDown();
            awaitThroughInterrupts(goOn);
            taken.add(batch);
        });
        lane.start();
        lane.add(IntStream.range(0, BATCH_MAX).boxed().toList());
        assertTrue(atWork.await(10, TimeUnit.SECONDS));
        lane.add(List.of(100));
        lane.add(List.of(101));
        lane.stop();
        goOn.countDown();
        assertEquals(IntStream.range(0, BATCH_MAX).boxed().toList(), taken.take());
        assertEquals(List.of(100), left.take());
        assertEquals(List.of(101), left.take());
        assertTrue(taken.isEmpty());
    }

    private Lane<Integer> lane(Consumer<List<Integer>> work) {
        return new Lane<>("lane under test", BATCH_MAX, work, left::add);
    }

    private static void awaitThroughInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        for (boolean waiting = true; waiting; ) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
