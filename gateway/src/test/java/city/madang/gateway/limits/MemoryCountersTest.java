package city.madang.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.gateway.routing.Rate;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryCountersTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final MemoryCounters counters = new MemoryCounters(1000, clock::get);
    private final Charge caller = new Charge("caller", "minji", new Rate(10, 3));

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void a_bucket_holds_its_burst_and_fills_at_its_rate() {
        for (int left = 2; left >= 0; left--) {
            Standing standing = counters.take(List.of(caller));
            assertTrue(standing.passes());
            assertEquals(left, standing.left());
        }
        Standing refused = counters.take(List.of(caller));
        assertFalse(refused.passes());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(100), refused.waitNanos());
        assertEquals("1", refused.retryAfter());

        pass(99);
        assertFalse(counters.take(List.of(caller)).passes());
        pass(1);
        assertTrue(counters.take(List.of(caller)).passes());
        assertFalse(counters.take(List.of(caller)).passes());
        // also past the end of the numbers of the clock
        pass(60_000);
        assertEquals(2, counters.take(List.of(caller)).left());
    }

    @Test
    void a_request_that_one_bucket_refuses_is_taken_out_of_none() {
        Charge route = new Charge("route", "all", new Rate(10, 1));
        assertTrue(counters.take(List.of(caller, route)).passes());
        for (int i = 0; i < 5; i++) {
            Standing refused = counters.take(List.of(caller, route));
            assertEquals(route, refused.charge());
        }
        assertEquals(1, counters.take(List.of(caller)).left());
    }

    @Test
    void looking_takes_nothing() {
        for (int i = 0; i < 10; i++) {
            assertTrue(counters.look(caller).passes());
        }
        for (int i = 0; i < 3; i++) {
            counters.take(List.of(caller));
        }
        assertFalse(counters.look(caller).passes());
    }

    @Test
    void many_at_once_get_no_more_than_there_is() throws InterruptedException {
        Charge busy = new Charge("caller", "busy", new Rate(1, 500));
        AtomicInteger passed = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 4000; i++) {
                threads.execute(() -> {
                    if (counters.take(List.of(busy)).passes()) {
                        passed.incrementAndGet();
                    }
                });
            }
        }
        assertEquals(500, passed.get());
    }

    @Test
    void fields_say_how_it_stands() {
        Standing standing = counters.take(List.of(caller));
        assertEquals("\"caller\";q=3;w=1", standing.policyField());
        assertEquals("\"caller\";r=2;t=1", standing.field());
    }
}
