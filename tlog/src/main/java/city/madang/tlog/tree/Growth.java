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
        Builder builder = new Builder(size, edge);
        entries.forEach(entry -> builder.push(Hashes.leaf(entry)));
        return builder.grown();
    }

    /** Tiles that are being written: room for a whole tile, and how far it is full. */
    private static final class Builder {

        private final Map<TileId, byte[]> known;
        private final Map<TileId, byte[]> open = new LinkedHashMap<>();
        private final Map<TileId, byte[]> changed = new LinkedHashMap<>();
        private long size;

        Builder(long size, Map<TileId, byte[]> edge) {
            this.size = size;
            this.known = new LinkedHashMap<>(edge);
        }

        void push(byte[] leaf) {
            push(0, size, leaf);
            size++;
        }

        private void push(int level, long index, byte[] hash) {
            TileId id = new TileId(level, index / Tiles.WIDTH);
            int width = (int) (index % Tiles.WIDTH);
            byte[] tile = open.computeIfAbsent(id, begun -> begin(begun, width));
            System.arraycopy(hash, 0, tile, width * Hashes.BYTES, Hashes.BYTES);
            if (width + 1 == Tiles.WIDTH) {
                open.remove(id);
                changed.put(id, tile);
                push(level + 1, id.number(), Tiles.subtree(tile, 0, Tiles.WIDTH));
            }
        }

        private byte[] begin(TileId id, int width) {
            byte @Nullable [] before = known.get(id);
            if ((before == null ? 0 : before.length) != width * Hashes.BYTES) {
                throw new IllegalArgumentException(
                        "tile " + id + " does not end at " + (id.number() * Tiles.WIDTH + width));
            }
            return before == null
                    ? new byte[Tiles.WIDTH * Hashes.BYTES]
                    : Arrays.copyOf(before, Tiles.WIDTH * Hashes.BYTES);
        }

        Growth grown() {
            open.forEach((id, tile) -> changed.put(id, Arrays.copyOf(tile, Tiles.widthIn(id, size) * Hashes.BYTES)));
            known.putAll(changed);
            return new Growth(size, Proofs.root(Nodes.in(known), size), changed);
        }
    }
}
