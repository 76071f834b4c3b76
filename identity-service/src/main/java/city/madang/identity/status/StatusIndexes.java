package city.madang.identity.status;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives new credentials their places in the status lists of their agency. */
@Singleton
public class StatusIndexes {

    /** More than any batch. */
    private static final int MOST = 1000;

    private final StatusLists lists;
    private final IdentitySettings settings;
    private final Map<Lane, Deque<IndexBlock>> blocks = new ConcurrentHashMap<>();

    StatusIndexes(StatusLists lists, IdentitySettings settings) {
        this.lists = lists;
        this.settings = settings;
    }

    /** Agencies are few (each is registered), so are lanes. */
    private record Lane(String agency, int bits, boolean mdoc) {}

    /**
     * Places that nobody has and nobody had before; in different order than they are taken, so that an index says nothing of when
     * or in which company a credential was issued. Takes no part in the caller's transaction: places that are not used in the end
     * are gaps, which look as all unused ones do.
     *
     * @param bits 1, 2 or 8: how many statuses a credential may have
     * @param count one for each credential of a batch
     */
    public Uni<List<StatusRef>> allocate(String agency, int bits, int count) {
        if (bits != 1 && bits != 2 && bits != 8) {
            throw new IllegalArgumentException("not of this width");
        }
        return allocate(new Lane(agency, bits, false), count);
    }

    /** The same for mdocs, in lists of their own: one bit for each, and a CWT that is signed under the IACA. */
    public Uni<List<StatusRef>> allocateForMdocs(String agency, int count) {
        return allocate(new Lane(agency, 1, true), count);
    }

    private Uni<List<StatusRef>> allocate(Lane lane, int count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("not so many");
        }
        return fill(lane, count, new ArrayList<>(count));
    }

    /** Whoever finds too little takes a block on its own, on its own connection, and leaves the rest of it to others. */
    private Uni<List<StatusRef>> fill(Lane lane, int count, List<StatusRef> given) {
        Deque<IndexBlock> held = blocks.computeIfAbsent(lane, none -> new ArrayDeque<>());
        synchronized (held) {
            while (given.size() < count && !held.isEmpty()) {
                IndexBlock block = held.peekFirst();
                block.take(count - given.size())
                        .forEach(index -> given.add(new StatusRef(block.list(), uri(block), index)));
                if (block.isEmpty()) {
                    held.removeFirst();
                }
            }
        }
        if (given.size() == count) {
            return Uni.createFrom().item(given);
        }
        return lists.takeBlock(lane.agency(), lane.bits(), lane.mdoc()).chain(block -> {
            synchronized (held) {
                held.addLast(block);
            }
            return fill(lane, count, given);
        });
    }

    private String uri(IndexBlock block) {
        return settings.statusListUri(block.list());
    }
}
