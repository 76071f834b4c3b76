package city.madang.records.log;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What waits in memory for a place in one log. Whoever holds the turn empties it. Thread-safe. */
final class Waiting {

    private final String agency;
    private final Queue<Item> items = new ArrayDeque<>();
    private int entries;
    private boolean taken;

    Waiting(String agency) {
        this.agency = agency;
    }

    record Item(Submission submission, UniEmitter<? super Appended> emitter) {

        void answer(Map<String, Appended> appended) {
            @Nullable Appended mine = appended.get(submission.key());
            if (mine == null) {
                emitter.fail(new IllegalStateException("a submission was passed over"));
            } else {
                emitter.complete(mine);
            }
        }

        void fail(Throwable failure) {
            emitter.fail(failure);
        }
    }

    /** Too many wait. */
    static final class Full extends RuntimeException {

        private static final long serialVersionUID = 1;

        Full(String agency) {
            super("too much waits for the log of " + agency);
        }
    }

    String agency() {
        return agency;
    }

    synchronized void add(Submission submission, UniEmitter<? super Appended> emitter) {
        if (entries + submission.entries().size() > LogLimits.WAITING_ENTRIES) {
            throw new Full(agency);
        }
        entries += submission.entries().size();
        items.add(new Item(submission, emitter));
    }

    /** Whether the turn is the caller's from now on, until {@link #next} was empty. */
    synchronized boolean begin() {
        if (taken) {
            return false;
        }
        taken = true;
        return true;
    }

    /** As much as one transaction takes. Empty gives the turn back. */
    synchronized List<Item> next() {
        List<Item> next = new ArrayList<>();
        int count = 0;
        while (!items.isEmpty()) {
            int more = items.element().submission().entries().size();
            if (!next.isEmpty() && count + more > LogLimits.TURN_ENTRIES) {
                break;
            }
            count += more;
            next.add(items.remove());
        }
        entries -= count;
        taken = !next.isEmpty();
        return next;
    }

    /** Of several with one key the first. */
    static List<Submission> submissions(List<Item> items) {
        Map<String, Submission> first = new HashMap<>();
        List<Submission> list = new ArrayList<>();
        for (Item item : items) {
            if (first.putIfAbsent(item.submission().key(), item.submission()) == null) {
                list.add(item.submission());
            }
        }
        return list;
    }
}
