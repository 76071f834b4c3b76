package city.madang.tlog.tree;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of complete subtrees. Level 0 are the leaves; node {@code i} of level {@code n} covers leaves
 * {@code i·2ⁿ} up to {@code (i+1)·2ⁿ}.
 */
public interface Nodes {

    byte[] node(int level, long index);

    /** Reads nodes from tiles, a tile's hashes one after another. */
    static Nodes in(Map<TileId, byte[]> tiles) {
        return (level, index) -> {
            TileId id = tileOf(level, index);
            byte @Nullable [] hashes = tiles.get(id);
            int width = 1 << (level % Tiles.HEIGHT);
            int first = (int) ((index << (level % Tiles.HEIGHT)) - id.number() * Tiles.WIDTH);
            if (hashes == null || hashes.length < (first + width) * Hashes.BYTES) {
                throw new IllegalArgumentException("tile " + id + " does not hold node " + level + "/" + index);
            }
            return Tiles.subtree(hashes, first, width);
        };
    }

    /** The tiles that {@code reading} looks into, found by running it on nodes that mean nothing. */
    static Set<TileId> tilesRead(java.util.function.Consumer<Nodes> reading) {
        Set<TileId> read = new LinkedHashSet<>();
        byte[] nothing = new byte[Hashes.BYTES];
        reading.accept((level, index) -> {
            read.add(tileOf(level, index));
            return Arrays.copyOf(nothing, nothing.length);
        });
        return read;
    }

    private static TileId tileOf(int level, long index) {
        return new TileId(level / Tiles.HEIGHT, (index << (level % Tiles.HEIGHT)) / Tiles.WIDTH);
    }
}
