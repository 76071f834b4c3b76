package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

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

    @Test
    void a_log_goes_forward() {
        Bytes32 origin = registered();
        Bytes32 first = TestKeys.random();
        Bytes32 second = TestKeys.random();
        assertTrue(anchors.latest(origin).isEmpty());

        anchors.anchor(publisher, origin, 7, first);
        anchors.anchor(publisher, origin, 19, second);

        assertEquals(Optional.of(new AnchoredCheckpoint(19, second)), anchors.latest(origin));
        assertEquals(Optional.of(first), anchors.rootAt(origin, 7));
        assertEquals(Optional.of(second), anchors.rootAt(origin, 19));
        assertTrue(anchors.rootAt(origin, 8).isEmpty());
    }

    @Test
    void a_log_never_goes_back() {
        Bytes32 origin = registered();
        Bytes32 root = TestKeys.random();
        anchors.anchor(publisher, origin, 19, root);

        assertReverts("GoesBack", () -> anchors.anchor(publisher, origin, 18, TestKeys.random()));

        assertEquals(Optional.of(new AnchoredCheckpoint(19, root)), anchors.latest(origin));
        assertTrue(anchors.rootAt(origin, 18).isEmpty());
    }

    @Test
    void a_size_has_one_root_for_ever() {
        Bytes32 origin = registered();
        Bytes32 root = TestKeys.random();
        anchors.anchor(publisher, origin, 5, root);

        assertReverts("Fork", () -> anchors.anchor(publisher, origin, 5, TestKeys.random()));
        anchors.anchor(publisher, origin, 6, TestKeys.random());
        assertReverts("Fork", () -> anchors.anchor(publisher, origin, 5, TestKeys.random()));

        assertEquals(Optional.of(root), anchors.rootAt(origin, 5));
    }

    @Test
    void the_same_checkpoint_again_changes_nothing() {
        Bytes32 origin = registered();
        Bytes32 root = TestKeys.random();
        anchors.anchor(publisher, origin, 5, root);

        assertTrue(anchors.anchor(publisher, origin, 5, root).getLogs().isEmpty());
        anchors.anchor(publisher, origin, 6, root);
        anchors.anchor(publisher, origin, 5, root);

        assertEquals(Optional.of(new AnchoredCheckpoint(6, root)), anchors.latest(origin));
    }

    @Test
    void only_a_logs_publisher_anchors_and_only_the_owner_names_it() {
        Bytes32 origin = registered();
        Bytes32 unregistered = TestKeys.random();

        assertReverts("NotAllowed", () -> anchors.anchor(owner, origin, 1, TestKeys.random()));
        assertReverts("NotAllowed", () -> anchors.anchor(publisher, unregistered, 1, TestKeys.random()));
        assertReverts("NotAllowed", () -> anchors.register(publisher, unregistered, publisher.address()));
        assertReverts("Missing", () -> anchors.anchor(publisher, origin, 0, TestKeys.random()));
        assertReverts("Missing", () -> anchors.anchor(publisher, origin, 1, Bytes32.ZERO));
        assertEquals(Optional.of(publisher.address()), anchors.publisherOf(origin));
        assertTrue(anchors.publisherOf(unregistered).isEmpty());
    }

    @Test
    void logs_do_not_touch_each_other() {
        Bytes32 one = registered();
        Bytes32 other = registered();
        anchors.anchor(publisher, one, 5, TestKeys.random());

        anchors.anchor(publisher, other, 3, TestKeys.random());

        assertEquals(5, anchors.latest(one).orElseThrow().size());
        assertEquals(3, anchors.latest(other).orElseThrow().size());
    }
}
