package city.madang.records.log.tree;

import java.util.ArrayList;
import java.util.List;

/** Roots and inclusion proofs (RFC 6962 §2.1, §2.1.1). */
public final class Proofs {

    private Proofs() {}

    public static byte[] root(Nodes nodes, long size) {
        return size == 0 ? Hashes.empty() : range(nodes, 0, size);
    }

    /** The hashes that lead from leaf {@code index} to the root of the tree of {@code size}, from the leaf up. */
    public static List<byte[]> inclusion(Nodes nodes, long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
        }
        List<byte[]> path = new ArrayList<>();
        descend(nodes, index, 0, size, path);
        return path;
    }

    /** Whether the proof leads from the leaf to the root (RFC 9162 §2.1.3.2). */
    public static boolean verifies(byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hashes.node(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hashes.node(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && java.security.MessageDigest.isEqual(hash, root);
    }

    private static void descend(Nodes nodes, long index, long from, long to, List<byte[]> path) {
        long size = to - from;
        if (size == 1) {
            return;
        }
        long middle = from + largestPowerBelow(size);
        if (index < middle) {
            descend(nodes, index, from, middle, path);
            path.add(range(nodes, middle, to));
        } else {
            descend(nodes, index, middle, to, path);
            path.add(range(nodes, from, middle));
        }
    }

    private static byte[] range(Nodes nodes, long from, long to) {
        long size = to - from;
        if (Long.bitCount(size) == 1 && from % size == 0) {
            int level = Long.numberOfTrailingZeros(size);
            return nodes.node(level, from >> level);
        }
        long middle = from + largestPowerBelow(size);
        return Hashes.node(range(nodes, from, middle), range(nodes, middle, to));
    }

    private static long largestPowerBelow(long size) {
        return Long.highestOneBit(size - 1);
    }
}
