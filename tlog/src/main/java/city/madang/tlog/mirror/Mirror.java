package city.madang.tlog.mirror;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.SignedNote;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.TrustPolicy;
import city.madang.tlog.tree.EntryBundle;
import city.madang.tlog.tree.Growth;
import city.madang.tlog.tree.Hashes;
import city.madang.tlog.tree.TileId;
import city.madang.tlog.tree.TilePath;
import city.madang.tlog.tree.Tiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its first entry to its checkpoint, builds the tree anew from the entries alone, and compares every tile, the root, the
 * signatures, and the root of the size that an earlier run verified. Memory is that of the tree's right edge.
 *
 * @param keys of the log
 * @param policy for the witnesses
 * @param folder where a copy is kept, if at all
 * @param progress told the number of entries verified so far
 */
record Mirror(
        LogSource source,
        List<VerifierKey> keys,
        TrustPolicy policy,
        Optional<MirrorFolder> folder,
        LongConsumer progress) {

    /** Bundles and tiles that are fetched ahead. */
    private static final int AHEAD = 32;

    /** What does not hold, on its way to a {@link Finding.False}. */
    private static final class DoesNotHold extends RuntimeException {

        private static final long serialVersionUID = 1;

        DoesNotHold(String why) {
            super(why);
        }
    }

    Finding run() {
        try {
            return verify();
        } catch (DoesNotHold | Malformed wrong) {
            return new Finding.False(String.valueOf(wrong.getMessage()));
        } catch (IOException | UncheckedIOException failed) {
            return new Finding.Unreachable(String.valueOf(failed.getMessage()));
        }
    }

    private Finding verify() throws IOException, Malformed {
        byte[] note = source.read("checkpoint").orElseThrow(() -> new IOException("there is no checkpoint there"));
        SignedNote signed = SignedNote.parse(note);
        TrustPolicy.Verdict.Trusted head = trusted(signed, "the checkpoint");
        Optional<Checkpoint> earlier = earlier();
        long size = head.checkpoint().size();
        if (earlier.isPresent() && earlier.get().size() > size) {
            throw new DoesNotHold("the log went back: it had %d entries, and now says %d"
                    .formatted(earlier.get().size(), size));
        }
        Tree tree = new Tree(earlier);
        try (ExecutorService fetching = Executors.newVirtualThreadPerTaskExecutor()) {
            Deque<Future<Part>> ahead = new ArrayDeque<>();
            long bundles = (size + Tiles.WIDTH - 1) / Tiles.WIDTH;
            for (long next = 0, done = 0; done < bundles; done++) {
                while (next < bundles && ahead.size() < AHEAD) {
                    long number = next++;
                    int width = Tiles.widthIn(new TileId(0, number), size);
                    ahead.add(fetching.submit(() -> part(number, width)));
                }
                tree.add(await(ahead.remove()));
                progress.accept(tree.size);
            }
        }
        tree.finish(head.checkpoint());
        if (folder.isPresent()) {
            folder.get().keep(head.log());
            folder.get().keep(signed);
        }
        return new Finding.Verified(head, tree.tiles, tree.bundles, earlier);
    }

    private TrustPolicy.Verdict.Trusted trusted(SignedNote note, String what) {
        return switch (policy.judge(note, keys)) {
            case TrustPolicy.Verdict.Trusted trusted -> trusted;
            case TrustPolicy.Verdict.Refused refused -> throw new DoesNotHold(what + ": " + refused.why());
        };
    }

    /** What an earlier run verified; its signature is checked again, for a folder may have been altered. */
    private Optional<Checkpoint> earlier() throws IOException, Malformed {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Optional<SignedNote> kept = folder.get().checkpoint();
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        TrustPolicy anyWitnesses = new TrustPolicy(List.of(), Map.of(), new TrustPolicy.Quorum.None());
        return switch (anyWitnesses.judge(kept.get(), keys)) {
            case TrustPolicy.Verdict.Trusted trusted -> Optional.of(trusted.checkpoint());
            case TrustPolicy.Verdict.Refused refused ->
                throw new DoesNotHold("the checkpoint that an earlier run kept: " + refused.why());
        };
    }

    private record Part(long number, byte[] bundle, byte[] tile) {}

    private Part part(long number, int width) throws IOException {
        return new Part(number, bundle(number, width), tile(new TileId(0, number), width));
    }

    private byte[] bundle(long number, int width) throws IOException {
        String path = "tile/entries/" + new TilePath(number, width).format();
        Optional<byte[]> found = source.read(path);
        if (found.isEmpty() && width < Tiles.WIDTH) {
            // the partial one may be gone when the full one is there
            path = "tile/entries/" + new TilePath(number, Tiles.WIDTH).format();
            found = source.read(path).map(full -> EntryBundle.first(full, width));
        }
        return found.orElseThrow(missing(path));
    }

    private byte[] tile(TileId id, int width) throws IOException {
        String path = path(id, width);
        Optional<byte[]> found = source.read(path);
        if (found.isEmpty() && width < Tiles.WIDTH) {
            path = path(id, Tiles.WIDTH);
            found = source.read(path).map(full -> Arrays.copyOf(full, width * Hashes.BYTES));
        }
        return found.orElseThrow(missing(path));
    }

    private static String path(TileId id, int width) {
        return "tile/" + id.level() + "/" + new TilePath(id.number(), width).format();
    }

    private static java.util.function.Supplier<DoesNotHold> missing(String path) {
        return () -> new DoesNotHold("the checkpoint covers " + path + ", and the log does not have it");
    }

    private static Part await(Future<Part> part) throws IOException {
        try {
            return part.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case DoesNotHold wrong -> throw wrong;
                case IOException unreadable -> throw unreadable;
                case null, default -> throw new DoesNotHold("a part of the log cannot be read: " + failed.getCause());
            }
        }
    }

    /** The tree as the entries alone make it. */
    private final class Tree {

        private final Optional<Checkpoint> earlier;
        private Map<TileId, byte[]> edge = new HashMap<>();
        private byte[] root = Hashes.empty();
        private long size;
        private long tiles;
        private long bundles;

        Tree(Optional<Checkpoint> earlier) {
            this.earlier = earlier;
            compareWithEarlier();
        }

        void add(Part part) throws IOException {
            List<byte[]> entries;
            try {
                entries = EntryBundle.entries(part.bundle());
            } catch (IllegalArgumentException wrong) {
                throw new DoesNotHold("bundle " + part.number() + ": " + wrong.getMessage());
            }
            int width = part.tile().length / Hashes.BYTES;
            if (entries.size() != width) {
                throw new DoesNotHold(
                        "bundle %d has %d entries, its tile %d hashes".formatted(part.number(), entries.size(), width));
            }
            long before = size;
            if (earlier.isPresent()
                    && earlier.get().size() > before
                    && earlier.get().size() < before + width) {
                int first = (int) (earlier.get().size() - before);
                grow(entries.subList(0, first));
                grow(entries.subList(first, width));
            } else {
                grow(entries);
            }
            compare(new TileId(0, part.number()), part.tile());
            bundles++;
            keep("tile/entries/" + new TilePath(part.number(), width).format(), part.bundle());
        }

        private void grow(List<byte[]> entries) throws IOException {
            Growth growth = Growth.append(size, edge, entries);
            Map<TileId, byte[]> next = new HashMap<>(edge);
            next.putAll(growth.changed());
            edge = next;
            size = growth.size();
            root = growth.root();
            for (Map.Entry<TileId, byte[]> changed : growth.changed().entrySet()) {
                TileId id = changed.getKey();
                if (id.level() > 0 && changed.getValue().length == Tiles.WIDTH * Hashes.BYTES) {
                    compare(id, tile(id, Tiles.WIDTH));
                }
            }
            compareWithEarlier();
            edge.keySet().retainAll(retained());
        }

        private java.util.Set<TileId> retained() {
            java.util.Set<TileId> retained = new java.util.HashSet<>(Growth.edge(size));
            // the tile of the bundle that was just read is still to be compared
            retained.add(new TileId(0, (size - 1) / Tiles.WIDTH));
            return retained;
        }

        private void compare(TileId id, byte[] served) throws IOException {
            byte @Nullable [] made = edge.get(id);
            if (!Arrays.equals(made, served)) {
                throw new DoesNotHold(path(id, served.length / Hashes.BYTES) + " is not what the entries give");
            }
            tiles++;
            keep(path(id, served.length / Hashes.BYTES), served);
        }

        private void compareWithEarlier() {
            if (earlier.isPresent()
                    && earlier.get().size() == size
                    && !Arrays.equals(root, earlier.get().root())) {
                throw new DoesNotHold(
                        "the log was rewritten: its first %d entries are not those of the earlier run".formatted(size));
            }
        }

        void finish(Checkpoint head) throws IOException {
            for (TileId id : Growth.edge(size)) {
                int width = Tiles.widthIn(id, size);
                if (id.level() > 0 && width > 0 && width < Tiles.WIDTH) {
                    compare(id, tile(id, width));
                }
            }
            if (size != head.size() || !Arrays.equals(root, head.root())) {
                throw new DoesNotHold("the entries do not give the root that the checkpoint says");
            }
        }

        private void keep(String path, byte[] content) throws IOException {
            if (folder.isPresent()) {
                folder.get().keep(path, content);
            }
        }
    }
}
