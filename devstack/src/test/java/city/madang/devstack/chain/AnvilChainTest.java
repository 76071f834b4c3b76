package city.madang.devstack.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.process.Watchdog;
import city.madang.devstack.tools.Tools;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnvilChainTest {

    private static final String ONE = "0x" + "0".repeat(63) + "1";

    @TempDir
    Path folder;

    private final Watchdog watchdog = new Watchdog();

    /** EIP-7951: input hash ‖ r ‖ s ‖ x ‖ y; the answer is 1 for a valid signature and empty for any other. */
    @Test
    void the_chain_verifies_p256_signatures() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var message = "settle".getBytes(StandardCharsets.UTF_8);
        var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(pair.getPrivate());
        signer.update(message);
        var signature = HexFormat.of().formatHex(signer.sign());
        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(message));
        var point = ((ECPublicKey) pair.getPublic()).getW();
        var key = word(point.getAffineX()) + word(point.getAffineY());

        try (var chain = start()) {
            assertEquals(ONE, precompile(chain, hash + signature + key));
            assertNotEquals(ONE, precompile(chain, "00" + hash.substring(2) + signature + key));
        }
    }

    @Test
    void keys_are_private_and_funded_and_blocks_survive_a_restart() throws Exception {
        String block;
        try (var chain = start()) {
            for (var name : ChainKeys.NAMES) {
                var file = chain.keys().resolve(name + ".hex");
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                assertEquals(64, Files.readString(file).length());
                assertNotEquals(
                        "0x0",
                        chain.call("eth_getBalance", ChainKeys.address(chain.keys(), name), "latest")
                                .asText());
            }
            assertEquals(0, chain.call("eth_accounts").size());
            chain.call("anvil_mine", "0x3");
            block = chain.call("eth_blockNumber").asText();
        }
        try (var chain = start()) {
            assertEquals(block, chain.call("eth_blockNumber").asText());
        }
    }

    @Test
    void states_of_older_blocks_lie_beside_the_chains_own_and_go_with_it() throws Exception {
        var older = folder.resolve("chain/older-states");
        try (var chain = start()) {
            for (var i = 0; i < 40; i++) {
                chain.call("anvil_mine", "0x40");
            }
            try (var files = Files.walk(older)) {
                assertTrue(files.anyMatch(Files::isRegularFile), "no state of an older block is kept there");
            }
        }
        assertFalse(Files.exists(older));
    }

    /** The address of private key 1 is known to everybody. */
    @Test
    void addresses_are_ethereums() throws Exception {
        Files.writeString(folder.resolve("one.hex"), "0".repeat(63) + "1");

        assertEquals("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", ChainKeys.address(folder, "one"));
    }

    private AnvilChain start() {
        return AnvilChain.start(
                folder.resolve("chain"),
                folder.resolve("keys"),
                folder.resolve("chain.log"),
                true,
                Tools.ofProject(),
                watchdog);
    }

    private static String precompile(AnvilChain chain, String input) throws Exception {
        var to = "0x" + "0".repeat(37) + "100";
        return chain.call("eth_call", Map.of("to", to, "data", "0x" + input), "latest")
                .asText();
    }

    private static String word(BigInteger number) {
        return "%064x".formatted(number);
    }
}
