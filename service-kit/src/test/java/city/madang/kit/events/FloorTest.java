package city.madang.kit.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FloorTest {

    private static final long SECOND = 1_000_000_000L;

    private long now = 10 * SECOND;
    private final Floor floor = new Floor(now);

    FloorTest() {
        // the first turn begins at the start, and carries nothing
        assertEquals(0, floor.from(now));
    }

    private void turn(long oldest, long next, long highest) {
        floor.turned(new Floor.Transactions(oldest, next, now), highest, true, now);
        now += SECOND / 100;
    }

    @Test
    void rises_to_what_was_carried_once_all_have_ended_that_were_under_way_after_that() {
        turn(100, 120, 50);
        now += 2 * SECOND;
        turn(110, 130, 60);
        assertEquals(0, floor.from(now), "transactions up to 129 may hold a position below 50");
        turn(129, 140, 70);
        assertEquals(0, floor.from(now), "129 is under way");
        turn(130, 150, 80);
        assertEquals(50, floor.from(now));
    }

    @Test
    void waits_for_a_transaction_that_has_a_position_and_no_number_yet() {
        turn(100, 100, 50);
        turn(100, 100, 0);
        turn(100, 100, 0);
        assertEquals(0, floor.from(now), "less than the patience has passed");
        now += 2 * SECOND;
        turn(100, 100, 0);
        turn(100, 100, 0);
        assertEquals(50, floor.from(now));
    }

    @Test
    void a_turn_that_read_only_a_part_raises_nothing_beyond_it() {
        turn(100, 100, 600);
        now += 2 * SECOND;
        turn(100, 100, 0);
        floor.turned(new Floor.Transactions(100, 100, now), 550, false, now);
        assertEquals(0, floor.from(now), "rows up to 600 were not read since");
        floor.turned(new Floor.Transactions(100, 100, now), 601, false, now);
        assertEquals(600, floor.from(now));
    }

    @Test
    void now_and_then_a_turn_begins_at_the_start_all_the_same() {
        turn(100, 100, 50);
        now += 2 * SECOND;
        turn(100, 100, 0);
        turn(100, 100, 0);
        assertEquals(50, floor.from(now));
        now += Floor.WHOLE.toNanos();
        assertEquals(0, floor.from(now));
        assertEquals(50, floor.from(now + 1));
    }

    /**
     * Transactions that take positions, and commit or fail in any order and after any time, against a relay that reads behind its floor
     * alone: each row that is committed is read.
     */
    @Test
    void no_row_is_ever_passed_over() {
        for (long seed = 0; seed < 300; seed++) {
            History history = new History(new Random(seed));
            for (int step = 0; step < 400; step++) {
                history.step();
            }
            history.end();
            assertTrue(history.outbox.isEmpty(), "left behind with seed " + seed + ": " + history.outbox);
            assertTrue(history.rose > 0, "never rose with seed " + seed);
        }
    }

    private static final class History {

        private record Open(long number, List<Long> positions) {}

        private final Random random;
        private final List<Open> open = new ArrayList<>();
        private final TreeSet<Long> outbox = new TreeSet<>();
        private long number = 1;
        private long position = 1;
        private long now = SECOND;
        private final Floor floor = new Floor(now);
        private long rose;

        History(Random random) {
            this.random = random;
        }

        void step() {
            now += random.nextLong(SECOND / 2);
            switch (random.nextInt(4)) {
                case 0 -> open.add(new Open(number++, new ArrayList<>()));
                case 1 -> {
                    if (!open.isEmpty()) {
                        open.get(random.nextInt(open.size())).positions().add(position++);
                    }
                }
                case 2 -> {
                    if (!open.isEmpty()) {
                        close(random.nextInt(open.size()));
                    }
                }
                default -> turn();
            }
        }

        private void close(int index) {
            Open ended = open.remove(index);
            if (random.nextInt(5) > 0) {
                outbox.addAll(ended.positions());
            }
        }

        private void turn() {
            long oldest = open.stream().mapToLong(Open::number).min().orElse(number);
            Floor.Transactions then = new Floor.Transactions(oldest, number, now);
            now += random.nextLong(SECOND / 100);
            if (!open.isEmpty() && random.nextBoolean()) {
                close(random.nextInt(open.size()));
            }
            int batch = 1 + random.nextInt(4);
            // asked twice, since a turn from the start would hide what is looked for
            floor.from(then.seenNanos());
            long from = floor.from(then.seenNanos());
            rose = Math.max(rose, from);
            List<Long> read = outbox.tailSet(from, false).stream().limit(batch).toList();
            read.forEach(outbox::remove);
            floor.turned(then, read.isEmpty() ? 0 : read.getLast(), read.size() < batch, now);
        }

        void end() {
            while (!open.isEmpty()) {
                close(0);
            }
            for (int i = 0; i < 1000; i++) {
                turn();
            }
        }
    }
}
