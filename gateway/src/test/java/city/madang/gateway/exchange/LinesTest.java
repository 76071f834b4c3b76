package city.madang.gateway.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinesTest {

    private static final String CATEGORY = "test.lines";

    private final Vertx vertx = Vertx.vertx();
    private final java.util.logging.Logger target = java.util.logging.Logger.getLogger(CATEGORY);
    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final Handler reader = new Handler() {
        @Override
        public void publish(LogRecord line) {
            try {
                open.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            written.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Lines lines = new Lines(vertx, Logger.getLogger(CATEGORY));

    @BeforeEach
    void read() {
        target.setUseParentHandlers(false);
        target.addHandler(reader);
    }

    @AfterEach
    void close() {
        open.countDown();
        target.removeHandler(reader);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void what_many_say_at_once_is_written_once_each_and_in_the_order_of_each() throws Exception {
        open.countDown();
        int threads = 4;
        int each = 5_000;
        List<Thread> speakers = IntStream.range(0, threads)
                .mapToObj(speaker -> Thread.ofPlatform()
                        .start(() -> IntStream.range(0, each).forEach(number -> lines.add(speaker + " " + number))))
                .toList();
        for (Thread speaker : speakers) {
            speaker.join();
        }

        int[] next = new int[threads];
        for (int i = 0; i < threads * each; i++) {
            String line = written.poll(10, TimeUnit.SECONDS);
            assertTrue(line != null, "only " + i + " lines were written");
            String[] said = line.split(" ");
            int speaker = Integer.parseInt(said[0]);
            assertEquals(next[speaker]++, Integer.parseInt(said[1]));
        }
        assertTrue(written.isEmpty());
    }

    @Test
    void what_waits_when_the_gateway_stops_is_written() {
        open.countDown();
        lines.add("last words");
        lines.write();

        assertEquals(List.of("last words"), List.copyOf(new HashSet<>(written)));
    }

    @Test
    void a_log_that_stands_still_holds_up_whoever_says_more_instead_of_filling_the_memory() throws Exception {
        Thread speaker = Thread.ofPlatform().start(() -> IntStream.rangeClosed(0, 2 * Lines.MOST_WAITING)
                .forEach(number -> lines.add(Integer.toString(number))));
        speaker.join(2_000);
        assertTrue(speaker.isAlive(), "more lines wait than may");

        open.countDown();
        speaker.join();
        lines.write();
        assertEquals(2 * Lines.MOST_WAITING + 1, written.size());
    }
}
