package city.madang.payment.settlement;

import city.madang.contracts.Fee;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recorded batch on its way to the chain. */
final class Flight {

    /** Pause between two questions for a receipt: short at first, for chains that make a block for each transaction. */
    private static final Duration PAUSE_FIRST = Duration.ofMillis(10);

    private static final Duration PAUSE_LONGEST = Duration.ofMillis(100);

    private final Batch batch;
    private final List<String> hashes;
    private @Nullable Fee offered;
    private @Nullable Instant since;
    private int reissues;
    private Duration pause = PAUSE_FIRST;

    Flight(Batch batch) {
        this.batch = batch;
        this.hashes = new ArrayList<>(batch.hashes());
    }

    Batch batch() {
        return batch;
    }

    /** Of every transaction in which it was perhaps sent. */
    List<String> hashes() {
        return hashes;
    }

    /** What its latest transaction offered; null when that is not known here. */
    @Nullable
    Fee offered() {
        return offered;
    }

    void sent(String hash, Fee fee) {
        hashes.add(hash);
        offered = fee;
    }

    /** Counts the waiting from now on. */
    void beginWaiting() {
        since = Instant.now();
    }

    /** Whether it has waited for that long; when it did not wait yet, it begins to. */
    boolean hasWaited(Duration patience) {
        Instant now = Instant.now();
        since = since == null ? now : since;
        return !now.isBefore(since.plus(patience));
    }

    /** How often it was sent anew since it was the first. */
    int reissues() {
        return reissues;
    }

    void reissued() {
        reissues++;
        beginWaiting();
    }

    /** How long to wait before the next question for its receipt. */
    Duration pause() {
        Duration now = pause;
        pause = pause.compareTo(PAUSE_LONGEST) < 0 ? pause.multipliedBy(2) : pause;
        return now;
    }
}
