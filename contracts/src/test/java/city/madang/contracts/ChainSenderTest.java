package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainSenderTest {

    @Test
    void two_processes_with_one_key_both_get_through() throws Exception {
        Anvil anvil = Anvil.shared();
        Credentials key = anvil.fundedKey();
        try (var chain = Chain.connect(anvil.rpcUrl());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AnchorContract anchors = AnchorContract.deploy(new ChainSender(chain, key), key.address());
            List<ChainSender> senders = List.of(new ChainSender(chain, key), new ChainSender(chain, key));
            List<Future<Bytes32>> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ChainSender sender = senders.get(i % 2);
                Callable<Bytes32> register = () -> {
                    Bytes32 origin = TestKeys.random();
                    anchors.register(sender, origin, key.address());
                    return origin;
                };
                sent.add(threads.submit(register));
            }
            for (Future<Bytes32> origin : sent) {
                assertTrue(anchors.publisherOf(origin.get()).isPresent());
            }
        }
    }

    @Test
    void a_new_sender_goes_on_after_transactions_that_wait_for_a_block() throws Exception {
        try (var slow = Anvil.start("osaka", "--block-time", "2");
                var chain = Chain.connect(slow.rpcUrl());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Credentials key = slow.fundedKey();
            AnchorContract anchors = AnchorContract.deploy(new ChainSender(chain, key), key.address());
            List<Bytes32> origins = List.of(TestKeys.random(), TestKeys.random(), TestKeys.random());
            List<Future<String>> waiting = new ArrayList<>();

            for (Bytes32 origin : origins) {
                // each as after a crash: a sender that remembers nothing
                var sender = new ChainSender(chain, key);
                waiting.add(threads.submit(
                        () -> anchors.register(sender, origin, key.address()).getTransactionHash()));
                Thread.sleep(150);
            }

            for (Future<String> transaction : waiting) {
                assertFalse(transaction.get().isEmpty());
            }
            for (Bytes32 origin : origins) {
                assertTrue(anchors.publisherOf(origin).isPresent());
            }
        }
    }

    @Test
    void a_transaction_that_waits_in_the_node_may_be_given_again() throws Exception {
        try (var idle = Anvil.start("osaka", "--no-mining");
                var chain = Chain.connect(idle.rpcUrl())) {
            Credentials key = idle.fundedKey();
            var one = new ChainSender(chain, key);
            var another = new ChainSender(chain, key);
            SignedTransaction transaction =
                    one.sign(key.address(), CallData.function("nothing()"), 100_000, 0, Fee.now(chain));

            assertEquals(SignedTransaction.Answer.TAKEN, one.submit(transaction));
            assertEquals(SignedTransaction.Answer.TAKEN, one.submit(transaction));
            assertEquals(SignedTransaction.Answer.TAKEN, another.submit(transaction));
            assertEquals(1, one.pendingNumber());
        }
    }

    @Test
    void a_chain_without_fees_needs_no_money() throws Exception {
        try (var free = Anvil.start("osaka", "--base-fee", "0", "--disable-min-priority-fee");
                var chain = Chain.connect(free.rpcUrl())) {
            var sender = new ChainSender(chain, TestKeys.newCredentials());

            AnchorContract.deploy(sender, sender.address()).requireSameCode();
        }
    }

    @Test
    void a_node_that_is_gone_is_told_as_such() throws Exception {
        Chain chain;
        try (var anvil = Anvil.start("osaka")) {
            chain = Chain.connect(anvil.rpcUrl());
        }
        try (chain) {
            assertThrows(ChainException.Unavailable.class, chain::blockNumber);
        }
        assertThrows(ChainException.Unavailable.class, () -> Chain.connect("http://127.0.0.1:1"));
    }

    @Test
    void a_key_without_gas_money_is_told_so() {
        try (var chain = Chain.connect(Anvil.shared().rpcUrl())) {
            var poor = new ChainSender(chain, TestKeys.newCredentials());

            var refusal =
                    assertThrows(ChainException.Unavailable.class, () -> AnchorContract.deploy(poor, poor.address()));

            assertTrue(
                    refusal.getMessage().toLowerCase(java.util.Locale.ROOT).contains("insufficient funds"),
                    refusal::getMessage);
        }
    }

    @Test
    void a_key_file_is_private_and_well_formed(@TempDir Path folder) throws IOException {
        String hex = "00000000000000000000000000000000000000000000000000000000000000ff";
        Path good = write(folder.resolve("operator.hex"), hex + "\n", "rw-------");
        Path open = write(folder.resolve("open.hex"), hex, "rw-r--r--");
        Path shortKey = write(folder.resolve("short.hex"), hex.substring(2), "rw-------");
        Path zero = write(folder.resolve("zero.hex"), "0".repeat(64), "rw-------");
        Path above = write(folder.resolve("above.hex"), "f".repeat(64), "rw-------");

        Credentials key = Credentials.load(good);

        assertEquals(Credentials.parse("0x" + hex).address(), key.address());
        assertEquals(key.address(), key.toString());
        for (Path bad : List.of(open, shortKey, zero, above)) {
            assertThrows(IllegalArgumentException.class, () -> Credentials.load(bad), bad::toString);
        }
        // the well-known address of private key 1
        assertEquals(
                "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
                Credentials.parse("0".repeat(63) + "1").address());
    }

    private static Path write(Path file, String text, String permissions) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
