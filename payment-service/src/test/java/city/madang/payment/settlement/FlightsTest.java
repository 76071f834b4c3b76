package city.madang.payment.settlement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What lands is booked while the next is handed over; nothing is handed over behind anybody's back. */
@Timeout(30)
class FlightsTest {

    private static final Duration A_WHILE = Duration.ofMillis(200);

    private final Flights flights = new Flights();
    private final CountDownLatch taken = new CountDownLatch(1);

    private static Flight flight(long id) {
        return new Flight(new Batch(id, List.of(), List.of()));
    }

    /** A node that is making a block and takes nothing meanwhile. */
    private void busyNode() {
        try {
            taken.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void what_was_sent_before_can_be_booked_while_a_busy_node_keeps_the_next_one_waiting() {
        Flight landed = flight(1);
        flights.add(landed);
        flights.launch(flight(2), this::busyNode);
        assertSame(landed, flights.first());
        assertEquals(2, flights.size());
        flights.removeFirst();
        taken.countDown();
        flights.close();
    }

    @Test
    void the_first_is_only_shown_when_it_has_been_sent() throws InterruptedException {
        Flight only = flight(1);
        flights.launch(only, () -> {
            busyNode();
            only.hashes().add("0x01");
        });
        CompletableFuture<List<String>> seen = CompletableFuture.supplyAsync(
                () -> List.copyOf(Objects.requireNonNull(flights.first()).hashes()));
        Thread.sleep(A_WHILE);
        assertFalse(seen.isDone(), "it would be asked for by no hash at all");
        taken.countDown();
        assertEquals(List.of("0x01"), seen.join());
    }

    @Test
    void they_are_sent_one_after_the_other_so_that_their_numbers_follow_each_other() throws InterruptedException {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        flights.launch(flight(1), () -> {
            busyNode();
            order.add(1);
        });
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> flights.launch(flight(2), () -> order.add(2)));
        Thread.sleep(A_WHILE);
        assertTrue(order.isEmpty());
        taken.countDown();
        next.join();
        flights.close();
        assertEquals(List.of(1, 2), order);
    }

    @Test
    void nothing_is_still_being_sent_once_they_are_closed_or_all_asked_for() throws InterruptedException {
        flights.launch(flight(1), this::busyNode);
        CompletableFuture<Integer> all =
                CompletableFuture.supplyAsync(() -> flights.all().size());
        Thread.sleep(A_WHILE);
        assertFalse(all.isDone());
        taken.countDown();
        assertEquals(1, all.join());
        CountDownLatch sent = new CountDownLatch(1);
        flights.launch(flight(2), sent::countDown);
        flights.close();
        assertEquals(0, sent.getCount());
    }

    @Test
    void what_sending_throws_is_thrown_to_who_goes_on_and_once() {
        IllegalStateException away = new IllegalStateException("the node is away");
        Runnable fails = () -> {
            throw away;
        };
        flights.launch(flight(1), fails);
        assertSame(away, assertThrows(IllegalStateException.class, flights::first));
        flights.launch(flight(2), fails);
        assertSame(away, assertThrows(IllegalStateException.class, () -> flights.launch(flight(3), () -> {})));
        flights.launch(flight(4), fails);
        assertSame(away, assertThrows(IllegalStateException.class, flights::all));
        flights.launch(flight(5), fails);
        assertSame(away, assertThrows(IllegalStateException.class, flights::close));
        flights.close();
    }

    @Test
    void stopping_does_not_wait_for_a_node_that_does_not_answer() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        flights.launch(flight(1), () -> {
            try {
                taken.await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
            }
        });
        Thread.currentThread().interrupt();
        assertThrows(IllegalStateException.class, flights::close);
        assertTrue(Thread.interrupted(), "who stops is told so");
        interrupted.await();
    }

    @Test
    void there_is_no_first_of_none() {
        assertNull(flights.first());
    }
}
