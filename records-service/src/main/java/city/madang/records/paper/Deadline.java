package city.madang.records.paper;

import com.openhtmltopdf.extend.FSTextBreaker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.text.BreakIterator;
import java.time.Duration;
import java.util.Locale;

/**
 * Breaks lines, and breaks off: the layout asks for every piece of text where it may be broken, so that is where a page that takes too long is
 * given up. What counts is the time of the processor, so that a busy machine refuses nothing.
 */
final class Deadline implements FSTextBreaker {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long endNanos;
    private final BreakIterator lines = BreakIterator.getLineInstance(Locale.KOREAN);

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    /** For the thread that asks. */
    static Deadline in(Duration time) {
        return new Deadline(THREADS.getCurrentThreadCpuTime() + time.toNanos());
    }

    @Override
    public int next() {
        check();
        return lines.next();
    }

    @Override
    public void setText(String text) {
        check();
        lines.setText(text);
    }

    void check() {
        if (THREADS.getCurrentThreadCpuTime() > endNanos) {
            throw new PaperRefused("takes too long to lay out");
        }
    }
}
