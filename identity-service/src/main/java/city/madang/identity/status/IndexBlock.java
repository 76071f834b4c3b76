package city.madang.identity.status;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A run of a list's counter that belongs to this process alone, and what is left of it. The lock of its lane guards it. */
final class IndexBlock {

    private final UUID list;
    private final IndexPermutation permutation;
    private final int past;
    private int next;

    /**
     * @param first of the counter's values
     * @param past the one behind the last
     */
    IndexBlock(UUID list, byte[] secret, int size, int first, int past) {
        this.list = list;
        this.permutation = new IndexPermutation(secret, size);
        this.next = first;
        this.past = past;
    }

    UUID list() {
        return list;
    }

    boolean isEmpty() {
        return next == past;
    }

    /** Up to {@code most} indexes, fewer when the block ends. */
    List<Integer> take(int most) {
        List<Integer> indexes = new ArrayList<>();
        while (indexes.size() < most && next < past) {
            indexes.add(permutation.index(next++));
        }
        return indexes;
    }
}
