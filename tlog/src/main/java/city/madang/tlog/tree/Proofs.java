package city.madang.tlog.tree;

import java.util.ArrayList;
import java.util.List;

/** Roots, inclusion proofs and consistency proofs (RFC 6962 §2.1, §2.1.1, §2.1.2). */
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

    /**
     * The hashes that show the tree of {@code older} to be the beginning of that of {@code newer}; none if either is the other
     * or the older one is empty.
     */
    public static List<byte[]> consistency(Nodes nodes, long older, long newer) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("no tree of " + older + " in one of " + newer);
        }
        List<byte[]> path = new ArrayList<>();
        if (older > 0 && older < newer) {
            subproof(nodes, older, 0, newer, true, path);
        }
        return path;
    }

    /** Whether the proof shows that one tree begins with the other (RFC 9162 §2.1.4.2; equal and empty trees need none). */
    public static boolean consistent(long older, byte[] olderRoot, long newer, byte[] newerRoot, List<byte[]> path) {
        if (older < 0 || older > newer) {
            return false;
        }
        if (older == newer) {
            return path.isEmpty() && java.security.MessageDigest.isEqual(olderRoot, newerRoot);
        }
        if (older == 0) {
            return path.isEmpty() && java.security.MessageDigest.isEqual(olderRoot, Hashes.empty());
        }
        long node = older - 1;
        long last = newer - 1;
        while ((node & 1) == 1) {
            node >>= 1;
            last >>= 1;
        }
        int at = 0;
        // a whole subtree is its own first hash
        if (node != 0 && path.isEmpty()) {
            return false;
        }
        byte[] old = node == 0 ? olderRoot : path.get(at++);
        byte[] grown = old;
        for (; at < path.size(); at++) {
            if (last == 0) {
                return false;
            }
            byte[] hash = path.get(at);
            if ((node & 1) == 1 || node == last) {
                old = Hashes.node(hash, old);
                grown = Hashes.node(hash, grown);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                grown = Hashes.node(grown, hash);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0
                && java.security.MessageDigest.isEqual(old, olderRoot)
                && java.security.MessageDigest.isEqual(grown, newerRoot);
    }

    /** SUBPROOF(m, D[from:to], whole) of RFC 6962 §2.1.2, with m counted from the start of the tree. */
    private static void subproof(Nodes nodes, long older, long from, long to, boolean whole, List<byte[]> path) {
        if (older == to) {
            if (!whole) {
                path.add(range(nodes, from, to));
            }
            return;
        }
        long middle = from + largestPowerBelow(to - from);
        if (older <= middle) {
            subproof(nodes, older, from, middle, whole, path);
            path.add(range(nodes, middle, to));
        } else {
            subproof(nodes, older, middle, to, false, path);
            path.add(range(nodes, from, middle));
        }
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
