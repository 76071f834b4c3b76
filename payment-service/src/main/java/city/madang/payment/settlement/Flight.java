package city.madang.payment.settlement;

import city.madang.contracts.Fee;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recorded batch on its way to the chain. */
final class Flight {

    private final Batch batch;
    private final List<String> hashes;
    private @Nullable Fee offered;

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
}
