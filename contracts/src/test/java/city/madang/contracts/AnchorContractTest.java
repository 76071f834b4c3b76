package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

class AnchorContractTest {

    private static Chain chain;
    private static ChainSender owner;
    private static ChainSender publisher;
    private static AnchorContract anchors;

    @BeforeAll
    static void deploy() {
        Anvil anvil = Anvil.shared();
        chain = Chain.connect(anvil.rpcUrl());
        owner = new ChainSender(chain, anvil.fundedKey());
        publisher = new ChainSender(chain, anvil.fundedKey());
        anchors = AnchorContract.deploy(owner, owner.address());
    }

    @AfterAll
    static void close() {
        chain.close();
    }

    private static Bytes32 registered() {
        Bytes32 origin = AnchorContract.origin("madang.test/log/" + TestKeys.random());
        anchors.register(owner, origin, publisher.address());
        return origin;
    }

    private static void assertReverts(String error, Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }

    private static final TestTree TREE = TestTree.of("entry", 700);

    private static TransactionReceipt grow(Bytes32 origin, TestTree tree, long from, long to) {
        return anchors.anchor(publisher, origin, to, tree.root(to), tree.consistency(from, to));
    }

    @Test
    void a_log_goes_forward() {
        Bytes32 origin = registered();
        assertTrue(anchors.latest(origin).isEmpty());

        grow(origin, TREE, 0, 7);
        grow(origin, TREE, 7, 19);

        assertEquals(Optional.of(new AnchoredCheckpoint(19, TREE.root(19))), anchors.latest(origin));
        assertEquals(Optional.of(TREE.root(7)), anchors.rootAt(origin, 7));
        assertEquals(Optional.of(TREE.root(19)), anchors.rootAt(origin, 19));
        assertTrue(anchors.rootAt(origin, 8).isEmpty());
    }

    @Test
    void a_log_never_goes_back() {
        Bytes32 origin = registered();
        grow(origin, TREE, 0, 19);

        assertReverts("GoesBack", () -> anchors.anchor(publisher, origin, 18, TREE.root(18), List.of()));

        assertEquals(Optional.of(new AnchoredCheckpoint(19, TREE.root(19))), anchors.latest(origin));
        assertTrue(anchors.rootAt(origin, 18).isEmpty());
    }

    @Test
    void a_size_has_one_root_for_ever() {
        Bytes32 origin = registered();
        grow(origin, TREE, 0, 5);

        assertReverts("Fork", () -> anchors.anchor(publisher, origin, 5, TestKeys.random(), List.of()));
        grow(origin, TREE, 5, 6);
        assertReverts("Fork", () -> anchors.anchor(publisher, origin, 5, TestKeys.random(), List.of()));

        assertEquals(Optional.of(TREE.root(5)), anchors.rootAt(origin, 5));
    }

    @Test
    void the_same_checkpoint_again_changes_nothing() {
        Bytes32 origin = registered();
        grow(origin, TREE, 0, 5);

        assertTrue(anchors.anchor(publisher, origin, 5, TREE.root(5), List.of())
                .getLogs()
                .isEmpty());
        grow(origin, TREE, 5, 6);
        anchors.anchor(publisher, origin, 5, TREE.root(5), List.of());

        assertEquals(Optional.of(new AnchoredCheckpoint(6, TREE.root(6))), anchors.latest(origin));
    }

    @Test
    void a_forked_or_rewritten_log_is_refused_at_every_size() {
        TestTree other = TestTree.of("another history", 300);
        Bytes32 origin = registered();
        grow(origin, TREE, 0, 100);
        for (int size : new int[] {101, 127, 128, 129, 200, 256, 300}) {
            // the fork's own proof, the true log's proof, none, and the true proof to a forked root
            assertReverts(
                    "Inconsistent",
                    () -> anchors.anchor(publisher, origin, size, other.root(size), other.consistency(100, size)));
            assertReverts(
                    "Inconsistent",
                    () -> anchors.anchor(publisher, origin, size, other.root(size), TREE.consistency(100, size)));
            assertReverts("Inconsistent", () -> anchors.anchor(publisher, origin, size, TREE.root(size), List.of()));
            assertReverts(
                    "Inconsistent",
                    () -> anchors.anchor(publisher, origin, size, TREE.root(size), other.consistency(100, size)));
            // a true proof, but from another of the log's own sizes
            assertReverts(
                    "Inconsistent",
                    () -> anchors.anchor(publisher, origin, size, TREE.root(size), TREE.consistency(99, size)));
        }
        assertReverts(
                "Inconsistent",
                () -> anchors.anchor(publisher, registered(), 7, TREE.root(7), List.of(TestKeys.random())));
        assertEquals(Optional.of(new AnchoredCheckpoint(100, TREE.root(100))), anchors.latest(origin));
        grow(origin, TREE, 100, 300);
        assertEquals(300, anchors.latest(origin).orElseThrow().size());
    }

    @Test
    void a_log_of_random_steps_is_anchored_whole_and_catches_up_after_any_gap() {
        Random random = random();
        Bytes32 origin = registered();
        long size = 0;
        while (size < 700) {
            long next = Math.min(700, size + 1 + random.nextInt(random.nextBoolean() ? 4 : 120));
            grow(origin, TREE, size, next);
            size = next;
        }
        assertEquals(Optional.of(new AnchoredCheckpoint(700, TREE.root(700))), anchors.latest(origin));
    }

    @Test
    void the_contract_takes_the_proofs_that_hold_and_no_others() {
        Random random = random();
        for (int i = 0; i < 700; i++) {
            long newer = 2 + random.nextInt(i < 300 ? 40 : 699);
            long older = 1 + random.nextLong(newer - 1);
            List<Bytes32> proof = TREE.consistency(older, newer);
            Bytes32 from = TREE.root(older);
            Bytes32 to = TREE.root(newer);
            String which = older + " to " + newer;
            assertTrue(anchors.consistent(older, from, newer, to, proof), which);
            switch (random.nextInt(6)) {
                case 0 -> assertFalse(anchors.consistent(older, TestKeys.random(), newer, to, proof), which);
                case 1 -> assertFalse(anchors.consistent(older, from, newer, TestKeys.random(), proof), which);
                case 2 -> {
                    List<Bytes32> bent = new ArrayList<>(proof);
                    bent.set(random.nextInt(bent.size()), TestKeys.random());
                    assertFalse(anchors.consistent(older, from, newer, to, bent), which);
                }
                case 3 ->
                    assertFalse(anchors.consistent(older, from, newer, to, proof.subList(0, proof.size() - 1)), which);
                case 4 -> {
                    List<Bytes32> longer = new ArrayList<>(proof);
                    longer.add(random.nextInt(longer.size() + 1), TestKeys.random());
                    assertFalse(anchors.consistent(older, from, newer, to, longer), which);
                }
                default -> assertFalse(anchors.consistent(newer, to, older, from, proof), which);
            }
        }
    }

    /** What an anchor costs grows with the logarithm of the log: figures for the page on records. */
    @Test
    void an_anchor_costs_little_gas_however_far_it_reaches() {
        Bytes32 origin = registered();
        long first = grow(origin, TREE, 0, 3).getGasUsed().longValueExact();
        long next = grow(origin, TREE, 3, 11).getGasUsed().longValueExact();
        long far = grow(origin, TREE, 11, 699).getGasUsed().longValueExact();
        System.out.printf("gas of an anchor: first %d, 3 to 11 %d, 11 to 699 %d%n", first, next, far);
        assertTrue(far < 150_000, "gas " + far);
        assertTrue(far - next < 3_000L * TREE.consistency(11, 699).size(), "gas " + next + ", " + far);
    }

    private static Random random() {
        long seed = Long.getLong("madang.faults.seed", System.nanoTime());
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    @Test
    void only_a_logs_publisher_anchors_and_only_the_owner_names_it() {
        Bytes32 origin = registered();
        Bytes32 unregistered = TestKeys.random();

        assertReverts("NotAllowed", () -> anchors.anchor(owner, origin, 1, TestKeys.random(), List.of()));
        assertReverts("NotAllowed", () -> anchors.anchor(publisher, unregistered, 1, TestKeys.random(), List.of()));
        assertReverts("NotAllowed", () -> anchors.register(publisher, unregistered, publisher.address()));
        assertReverts("Missing", () -> anchors.anchor(publisher, origin, 0, TestKeys.random(), List.of()));
        assertReverts("Missing", () -> anchors.anchor(publisher, origin, 1, Bytes32.ZERO, List.of()));
        assertEquals(Optional.of(publisher.address()), anchors.publisherOf(origin));
        assertTrue(anchors.publisherOf(unregistered).isEmpty());
    }

    @Test
    void logs_do_not_touch_each_other() {
        Bytes32 one = registered();
        Bytes32 other = registered();
        anchors.anchor(publisher, one, 5, TestKeys.random(), List.of());

        anchors.anchor(publisher, other, 3, TestKeys.random(), List.of());

        assertEquals(5, anchors.latest(one).orElseThrow().size());
        assertEquals(3, anchors.latest(other).orElseThrow().size());
    }
}
