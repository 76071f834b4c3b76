package city.madang.tlog.tree;

import java.util.Arrays;

/** C2SP tlog-tiles: a tile holds up to 256 hashes of one level, which is every eighth level of the tree. */
public final class Tiles {

    public static final int HEIGHT = 8;
    public static final int WIDTH = 1 << HEIGHT;

    /** No more levels than a size of 2^63 needs. */
    public static final int LEVELS = 8;

    private Tiles() {}

    /** The hash over {@code width} (a power of two) hashes of a tile from {@code first} on. */
    static byte[] subtree(byte[] hashes, int first, int width) {
        if (width == 1) {
            return Arrays.copyOfRange(hashes, first * Hashes.BYTES, (first + 1) * Hashes.BYTES);
        }
        if (width == 2) {
            return Hashes.node(hashes, first * Hashes.BYTES);
        }
        int half = width / 2;
        return Hashes.node(subtree(hashes, first, half), subtree(hashes, first + half, half));
    }

    /** How many hashes tile {@code id} has in a tree of {@code size}: 0 if none, 256 if it is full. */
    public static int widthIn(TileId id, long size) {
        long atLevel = size >> (HEIGHT * id.level());
        long before = id.number() * WIDTH;
        return (int) Math.clamp(atLevel - before, 0, WIDTH);
    }
}
