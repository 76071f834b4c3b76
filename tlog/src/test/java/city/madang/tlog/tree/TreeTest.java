package city.madang.tlog.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against an oracle that follows RFC 6962 §2.1 word for word and knows nothing of tiles. */
class TreeTest {

    private static final Random RANDOM = new Random(20261122);

    @Test
    void known_roots_of_the_standard_test_vectors() {
        // the roots of the first two trees of the certificate transparency reference tests: "" and 0x00
        Map<TileId, byte[]> tiles = new HashMap<>();
        Growth one = Growth.append(0, tiles, List.of(new byte[0]));
        assertEquals(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                HexFormat.of().formatHex(one.root()));
        tiles.putAll(one.changed());
        Growth two = Growth.append(1, tiles, List.of(new byte[] {0}));
        assertEquals(
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                HexFormat.of().formatHex(two.root()));
    }

    @Test
    void a_tree_grown_in_random_batches_has_the_oracles_root_proofs_and_tiles() {
        List<byte[]> entries = new ArrayList<>();
        Map<TileId, byte[]> stored = new HashMap<>();
        long size = 0;
        while (size < 66_500) {
            int batch = size < 700 ? 1 + RANDOM.nextInt(90) : 1 + RANDOM.nextInt(9_000);
            List<byte[]> fresh = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                fresh.add(("entry " + (size + i)).getBytes(UTF_8));
            }
            // only what the edge names is loaded, as from the database
            Map<TileId, byte[]> edge = new HashMap<>();
            for (TileId id : Growth.edge(size)) {
                edge.put(id, stored.get(id));
            }
            Growth growth = Growth.append(size, edge, fresh);
            growth.changed().forEach(stored::put);
            entries.addAll(fresh);
            size = growth.size();
            assertEquals(entries.size(), size);
            assertArrayEquals(root(entries), growth.root(), "root at " + size);
            checkProof(entries, stored, RANDOM.nextLong(size), size);
            checkProof(entries, stored, size - 1, size);
        }
        checkTiles(entries, stored);
        for (int i = 0; i < 40; i++) {
            long older = 1 + RANDOM.nextLong(size);
            checkProof(entries, stored, RANDOM.nextLong(older), older);
        }
    }

    private static void checkProof(List<byte[]> entries, Map<TileId, byte[]> stored, long index, long size) {
        Map<TileId, byte[]> needed = new HashMap<>();
        for (TileId id : Nodes.tilesRead(nodes -> Proofs.inclusion(nodes, index, size))) {
            needed.put(id, stored.get(id));
        }
        List<byte[]> path = Proofs.inclusion(Nodes.in(needed), index, size);
        List<byte[]> prefix = entries.subList(0, (int) size);
        List<byte[]> expected = path((int) index, prefix);
        assertEquals(hex(expected), hex(path), index + " of " + size);
        byte[] leaf = Hashes.leaf(entries.get((int) index));
        byte[] root = root(prefix);
        assertTrue(Proofs.verifies(leaf, index, size, path, root));
        assertFalse(Proofs.verifies(Hashes.leaf(new byte[] {9}), index, size, path, root));
        if (size > 1) {
            assertFalse(Proofs.verifies(leaf, index, size, path.subList(1, path.size()), root));
            byte[] bent = root.clone();
            bent[3] ^= 1;
            assertFalse(Proofs.verifies(leaf, index, size, path, bent));
        }
    }

    @Test
    void a_consistency_proof_holds_for_its_two_trees_and_no_others() {
        int largest = 70;
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < largest; i++) {
            entries.add(("entry " + i).getBytes(UTF_8));
        }
        Nodes nodes = Nodes.in(Growth.append(0, Map.of(), entries).changed());
        for (int newer = 0; newer <= largest; newer++) {
            byte[] newerRoot = root(entries.subList(0, newer));
            for (int older = 0; older <= newer; older++) {
                List<byte[]> proof = Proofs.consistency(nodes, older, newer);
                byte[] olderRoot = root(entries.subList(0, older));
                String which = older + " to " + newer;
                if (older > 0 && older < newer) {
                    assertEquals(hex(subproof(older, entries.subList(0, newer), true)), hex(proof), which);
                }
                assertTrue(Proofs.consistent(older, olderRoot, newer, newerRoot, proof), which);
                byte[] bent = newerRoot.clone();
                bent[31] ^= 1;
                assertFalse(Proofs.consistent(older, olderRoot, newer, bent, proof) && older > 0, which);
                bent = olderRoot.clone();
                bent[0] ^= 1;
                assertFalse(Proofs.consistent(older, bent, newer, newerRoot, proof), which);
                if (!proof.isEmpty()) {
                    assertFalse(Proofs.consistent(older, olderRoot, newer, newerRoot, proof.subList(1, proof.size())));
                    List<byte[]> longer = new ArrayList<>(proof);
                    longer.add(olderRoot);
                    assertFalse(Proofs.consistent(older, olderRoot, newer, newerRoot, longer), which);
                    List<byte[]> wrong = new ArrayList<>(proof);
                    wrong.set(RANDOM.nextInt(proof.size()), new byte[32]);
                    assertFalse(Proofs.consistent(older, olderRoot, newer, newerRoot, wrong), which);
                }
            }
        }
        assertFalse(Proofs.consistent(2, new byte[32], 1, new byte[32], List.of()));
        assertThrows(IllegalArgumentException.class, () -> Proofs.consistency(nodes, 2, 1));
    }

    /** SUBPROOF of RFC 6962 §2.1.2, word for word. */
    private static List<byte[]> subproof(int m, List<byte[]> entries, boolean whole) {
        if (m == entries.size()) {
            return whole ? new ArrayList<>() : new ArrayList<>(List.of(root(entries)));
        }
        int k = split(entries.size());
        List<byte[]> proof;
        if (m <= k) {
            proof = subproof(m, entries.subList(0, k), whole);
            proof.add(root(entries.subList(k, entries.size())));
        } else {
            proof = subproof(m - k, entries.subList(k, entries.size()), false);
            proof.add(root(entries.subList(0, k)));
        }
        return proof;
    }

    private static void checkTiles(List<byte[]> entries, Map<TileId, byte[]> stored) {
        stored.forEach((id, hashes) -> {
            int span = 1 << (8 * id.level());
            assertEquals(Tiles.widthIn(id, entries.size()) * 32, hashes.length, id.toString());
            for (int i = 0; i < hashes.length / 32; i += id.level() == 0 ? 97 : 1) {
                int from = (int) (id.number() * 256 + i) * span;
                assertArrayEquals(
                        root(entries.subList(from, from + span)),
                        Arrays.copyOfRange(hashes, 32 * i, 32 * i + 32),
                        id + " at " + i);
            }
        });
        assertTrue(stored.containsKey(new TileId(2, 0)), "the test reaches the third level of tiles");
    }

    @Test
    void tile_paths_have_one_form_each() {
        assertEquals(new TilePath(0, 256), TilePath.parse("000").orElseThrow());
        assertEquals(
                new TilePath(1_234_067, 256), TilePath.parse("x001/x234/067").orElseThrow());
        assertEquals(new TilePath(67, 8), TilePath.parse("067.p/8").orElseThrow());
        assertEquals("x001/x234/067.p/8", new TilePath(1_234_067, 8).format());
        for (String wrong : List.of(
                "0",
                "0000",
                "x000/001",
                "001/234",
                "x001/x234",
                "000.p/0",
                "000.p/256",
                "000.p/08",
                "000.p/",
                "-01",
                "../000",
                "x001/../000",
                "000 ")) {
            assertTrue(TilePath.parse(wrong).isEmpty(), wrong);
        }
    }

    @Test
    void entry_bundles_prefix_each_entry_with_its_length() {
        byte[] bundle = EntryBundle.of(List.of(new byte[] {7}, new byte[0], new byte[300]));
        assertEquals(2 + 1 + 2 + 2 + 300, bundle.length);
        assertArrayEquals(new byte[] {0, 1, 7, 0, 0, 1, 44}, Arrays.copyOf(bundle, 7));
        assertThrows(IllegalArgumentException.class, () -> EntryBundle.of(List.of(new byte[65_536])));
        assertEquals(3, EntryBundle.entries(bundle).size());
        assertArrayEquals(new byte[] {7}, EntryBundle.entries(bundle).getFirst());
        assertArrayEquals(Arrays.copyOf(bundle, 5), EntryBundle.first(bundle, 2));
        assertArrayEquals(
                bundle, EntryBundle.append(EntryBundle.first(bundle, 1), List.of(new byte[0], new byte[300])));
        assertThrows(IllegalArgumentException.class, () -> EntryBundle.first(bundle, 4));
        assertThrows(IllegalArgumentException.class, () -> EntryBundle.entries(Arrays.copyOf(bundle, 100)));
    }

    private static byte[] root(List<byte[]> entries) {
        if (entries.isEmpty()) {
            return sha256();
        }
        if (entries.size() == 1) {
            return sha256(new byte[] {0}, entries.getFirst());
        }
        int k = split(entries.size());
        return sha256(new byte[] {1}, root(entries.subList(0, k)), root(entries.subList(k, entries.size())));
    }

    private static List<byte[]> path(int m, List<byte[]> entries) {
        if (entries.size() == 1) {
            return new ArrayList<>();
        }
        int k = split(entries.size());
        List<byte[]> path;
        if (m < k) {
            path = path(m, entries.subList(0, k));
            path.add(root(entries.subList(k, entries.size())));
        } else {
            path = path(m - k, entries.subList(k, entries.size()));
            path.add(root(entries.subList(0, k)));
        }
        return path;
    }

    private static int split(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    private static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(HexFormat.of()::formatHex).toList();
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
