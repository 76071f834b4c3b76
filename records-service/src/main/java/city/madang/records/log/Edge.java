package city.madang.records.log;

import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.TileId;
import city.madang.tlog.tree.Tiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The right edge of a log: all that growing it needs.
 *
 * @param tiles those of {@link Growth#edge}
 * @param bundle the last, not yet full bundle; empty where the next entry begins one
 */
record Edge(long size, byte[] root, Map<TileId, byte[]> tiles, byte[] bundle) {

    /**
     * What comes of appending.
     *
     * @param growth new size, root and changed tiles
     * @param bundles changed bundles, whole
     * @param edge the new edge
     */
    record Grown(Growth growth, Map<Long, byte[]> bundles, Edge edge) {}

    static long bundleAt(long size) {
        return size / Tiles.WIDTH;
    }

    boolean isOf(long size, byte[] root) {
        return this.size == size && Arrays.equals(this.root, root);
    }

    Grown append(List<byte[]> entries) {
        Growth growth = Growth.append(size, tiles, entries);
        Map<Long, byte[]> bundles = new TreeMap<>();
        byte[] last = bundle;
        long at = size;
        for (int from = 0; from < entries.size(); ) {
            int room = (int) (Tiles.WIDTH - at % Tiles.WIDTH);
            int to = Math.min(entries.size(), from + room);
            last = EntryBundle.append(last, new ArrayList<>(entries.subList(from, to)));
            bundles.put(bundleAt(at), last);
            at += to - from;
            from = to;
            if (at % Tiles.WIDTH == 0) {
                last = new byte[0];
            }
        }
        Map<TileId, byte[]> edge = new HashMap<>();
        for (TileId id : Growth.edge(growth.size())) {
            byte @Nullable [] known = growth.changed().getOrDefault(id, tiles.get(id));
            if (known != null) {
                edge.put(id, known);
            }
        }
        return new Grown(growth, bundles, new Edge(growth.size(), growth.root(), edge, last));
    }
}
