package city.madang.tlog.tree;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Appends leaves to a tree that is known by the tiles at its right edge.
 *
 * @param size the new size
 * @param root the new root
 * @param changed the tiles that grew or came into being, whole
 */
public record Growth(long size, byte[] root, Map<TileId, byte[]> changed) {

    /** The tiles that {@link #append} needs: the last, not yet full tile of each level. */
    public static Set<TileId> edge(long size) {
        Set<TileId> edge =
                new TreeSet<>(java.util.Comparator.comparingInt(TileId::level).thenComparingLong(TileId::number));
        for (int level = 0; level < Tiles.LEVELS; level++) {
            TileId last = new TileId(level, (size >> (Tiles.HEIGHT * level)) / Tiles.WIDTH);
            if (Tiles.widthIn(last, size) > 0) {
                edge.add(last);
            }
        }
        // the root's path needs every node to the left of the edge too
        edge.addAll(Nodes.tilesRead(nodes -> Proofs.root(nodes, size)));
        return edge;
    }

    /**
     * @param size of the tree now
     * @param edge tiles named by {@link #edge}
     * @param entries to be appended, in order
     */
    public static Growth append(long size, Map<TileId, byte[]> edge, List<byte[]> entries) {
        Map<TileId, byte[]> known = new LinkedHashMap<>(edge);
        Map<TileId, byte[]> changed = new LinkedHashMap<>();
        long grown = size;
        for (byte[] entry : entries) {
            push(0, grown, Hashes.leaf(entry), known, changed);
            grown++;
        }
        return new Growth(grown, Proofs.root(Nodes.in(known), grown), changed);
    }

    private static void push(
            int level, long index, byte[] hash, Map<TileId, byte[]> known, Map<TileId, byte[]> changed) {
        TileId id = new TileId(level, index / Tiles.WIDTH);
        byte @Nullable [] before = known.get(id);
        int width = (int) (index % Tiles.WIDTH);
        if ((before == null ? 0 : before.length) != width * Hashes.BYTES) {
            throw new IllegalArgumentException("tile " + id + " does not end at " + index);
        }
        byte[] after = before == null ? hash : Arrays.copyOf(before, before.length + Hashes.BYTES);
        System.arraycopy(hash, 0, after, width * Hashes.BYTES, Hashes.BYTES);
        known.put(id, after);
        changed.put(id, after);
        if (width + 1 == Tiles.WIDTH) {
            push(level + 1, id.number(), Tiles.subtree(after, 0, Tiles.WIDTH), known, changed);
        }
    }
}
