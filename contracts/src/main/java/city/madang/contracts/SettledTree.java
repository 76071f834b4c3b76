package city.madang.contracts;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The Merkle tree over what one transaction settled (RFC 6962 §2.1, SHA-256): a leaf for each {@code Settled} event, in the order of
 * the authorisations' ids. A leaf is the event's words: id, from, to, amount and billHash, 32 bytes each. So whoever reads the
 * transaction's events gets the same root, and whoever has one leaf and its path needs no other.
 */
public final class SettledTree {

    private final List<Outcome.Settled> leaves;
    private final List<Bytes32> hashes;

    /** @param settled in any order, not empty */
    public SettledTree(List<Outcome.Settled> settled) {
        if (settled.isEmpty()) {
            throw new IllegalArgumentException("nothing was settled");
        }
        leaves = settled.stream()
                .sorted(Comparator.comparing(one -> one.authorisation().hex()))
                .toList();
        hashes = leaves.stream().map(SettledTree::leafHash).toList();
    }

    /**
     * Where a leaf is in the tree.
     *
     * @param index counted from 0
     * @param size how many leaves the tree has
     * @param hashes the audit path, from the leaf to the root
     */
    public record Path(long index, long size, List<Bytes32> hashes) {

        /** Keeps its own copy of {@code hashes}. */
        public Path {
            hashes = List.copyOf(hashes);
        }
    }

    /** The tree's root. */
    public Bytes32 root() {
        return root(hashes);
    }

    /** The path of an authorisation's leaf, empty when it is not in the tree. */
    public Optional<Path> path(Bytes32 authorisation) {
        for (int i = 0; i < leaves.size(); i++) {
            if (leaves.get(i).authorisation().equals(authorisation)) {
                List<Bytes32> path = new ArrayList<>();
                path(i, hashes, path);
                return Optional.of(new Path(i, leaves.size(), path));
            }
        }
        return Optional.empty();
    }

    /** SHA-256(0x00 ‖ leaf). */
    public static Bytes32 leafHash(Outcome.Settled settled) {
        return hash(
                0,
                settled.authorisation(),
                settled.from(),
                settled.to(),
                Bytes32.of(BigInteger.valueOf(settled.amount())),
                settled.billHash());
    }

    /** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2), empty when the path has another length than they allow. */
    public static Optional<Bytes32> rootOf(Bytes32 leafHash, Path path) {
        if (path.index() < 0 || path.index() >= path.size()) {
            return Optional.empty();
        }
        long node = path.index();
        long last = path.size() - 1;
        Bytes32 root = leafHash;
        for (Bytes32 sibling : path.hashes()) {
            if (last == 0) {
                return Optional.empty();
            }
            if ((node & 1) == 1 || node == last) {
                root = hash(1, sibling, root);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                root = hash(1, root, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 ? Optional.of(root) : Optional.empty();
    }

    private static Bytes32 root(List<Bytes32> hashes) {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        int split = split(hashes.size());
        return hash(1, root(hashes.subList(0, split)), root(hashes.subList(split, hashes.size())));
    }

    private static void path(int index, List<Bytes32> hashes, List<Bytes32> path) {
        if (hashes.size() == 1) {
            return;
        }
        int split = split(hashes.size());
        List<Bytes32> left = hashes.subList(0, split);
        List<Bytes32> right = hashes.subList(split, hashes.size());
        if (index < split) {
            path(index, left, path);
            path.add(root(right));
        } else {
            path(index - split, right, path);
            path.add(root(left));
        }
    }

    /** The largest power of two below {@code size}. */
    private static int split(int size) {
        return Integer.highestOneBit(size - 1);
    }

    private static Bytes32 hash(int prefix, Bytes32... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(prefix);
        for (Bytes32 word : words) {
            bytes.writeBytes(word.bytes());
        }
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
