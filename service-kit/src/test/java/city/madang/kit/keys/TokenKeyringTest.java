package city.madang.kit.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.devstack.testing.SoftHsm;
import city.madang.kit.keys.Keyring.Algorithm;
import city.madang.kit.p256.P256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On SoftHSM (Debian: {@code apt install softhsm2}); says so when it is not there. */
class TokenKeyringTest {

    private static final byte[] MESSAGE = "seal".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path home;

    @TempDir
    private Path folder;

    @BeforeAll
    static void a_token() throws Exception {
        assumeTrue(
                SoftHsm.library().isPresent(), "no SoftHSM here (Debian: apt install softhsm2): no module was tried");
        SoftHsm.initialize(home);
    }

    private String id;

    @BeforeEach
    void an_id() {
        id = "agency/transport/" + Long.toString(System.nanoTime(), 36);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void a_key_signs_and_outlives_the_process(Algorithm algorithm) throws Exception {
        PublicKey key = ring().createIfAbsent(id, algorithm);

        byte[] signature = ring().sign(id, MESSAGE);

        assertEquals(key, ring().createIfAbsent(id, algorithm));
        assertEquals(key, ring().publicKey(id).orElseThrow());
        assertEquals(algorithm == Algorithm.ML_DSA_44 ? 2420 : 64, signature.length);
        if (algorithm == Algorithm.ES256) {
            assertTrue(P256.verify((ECPublicKey) key, MESSAGE, signature));
        } else {
            Signature verifier = Signature.getInstance(algorithm == Algorithm.ED25519 ? "Ed25519" : "ML-DSA-44");
            verifier.initVerify(key);
            verifier.update(MESSAGE);
            assertTrue(verifier.verify(signature));
        }
    }

    @Test
    void a_key_of_the_module_is_in_no_file_and_cannot_be_taken_out() {
        ring().createIfAbsent(id, Algorithm.ES256);

        Token.Pair pair = Token.open(settings(SoftHsm.PIN)).pair(id);

        assertFalse(Files.exists(folder.resolve(id + ".key")));
        assertNull(pair.privateKey().getEncoded());
    }

    @Test
    void what_is_in_files_is_of_no_use_without_the_module() throws Exception {
        ring().createIfAbsent(id, Algorithm.ED25519);
        Path file = folder.resolve(id + ".key");
        List<String> lines = Files.readAllLines(file);

        FileKeyring thief = new FileKeyring(folder, new InTheClear("development"));
        byte[] closed = Base64.getDecoder().decode(lines.get(1));
        closed[20] ^= 1;
        Path altered = folder.resolve(id + "-altered.key");
        Files.write(altered, List.of(lines.get(0), Base64.getEncoder().encodeToString(closed), lines.get(2)));
        Files.copy(file, folder.resolve(id + "-moved.key"));

        assertThrows(IllegalStateException.class, () -> thief.sign(id, MESSAGE));
        assertThrows(IllegalStateException.class, () -> ring().sign(id + "-altered", MESSAGE));
        assertThrows(IllegalStateException.class, () -> ring().sign(id + "-moved", MESSAGE));
    }

    @Test
    void processes_that_race_end_with_one_key() throws Exception {
        Set<PublicKey> keys = new HashSet<>();
        Keyring ring = ring();
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<PublicKey> create = () -> ring.createIfAbsent(id, Algorithm.ES256);
            for (var created : threads.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> create).toList())) {
                keys.add(created.get());
            }
        }
        keys.add(ring().createIfAbsent(id, Algorithm.ES256));
        assertEquals(1, keys.size());
    }

    @Test
    void a_secret_key_closes_and_opens_in_its_context_and_opens_nothing_once_destroyed() {
        Token token = Token.open(settings(SoftHsm.PIN));
        byte[] context = id.getBytes(StandardCharsets.UTF_8);
        SecretKey secret = token.createSecret(id);

        byte[] closed = token.close(secret, context, MESSAGE);

        assertArrayEquals(MESSAGE, token.open(secret, context, closed));
        assertThrows(IllegalStateException.class, () -> token.open(secret, MESSAGE, closed));
        for (int place : new int[] {0, 15, closed.length - 1}) {
            byte[] altered = closed.clone();
            altered[place] ^= 1;
            assertThrows(IllegalStateException.class, () -> token.open(secret, context, altered));
        }
        assertNull(secret.getEncoded());
        assertEquals(List.of(id), token.labels(id));
        token.destroy(id);
        token.destroy(id);
        assertNull(Token.open(settings(SoftHsm.PIN)).secret(id));
        assertThrows(IllegalStateException.class, () -> token.open(secret, context, closed));
    }

    @Test
    void a_wrong_pin_is_said_and_a_bad_id_refused() {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Token.open(settings("0000")));

        assertFalse(String.valueOf(refused.getMessage()).contains("0000"));
        assertThrows(IllegalArgumentException.class, () -> ring().createIfAbsent("../outside", Algorithm.ES256));
        assertThrows(IllegalArgumentException.class, () -> ring().sign("nobody-made-this", MESSAGE));
    }

    private Keyring ring() {
        return new TokenKeyring(Token.open(settings(SoftHsm.PIN)), folder);
    }

    private static KeySettings.Pkcs11 settings(String pin) {
        return new KeySettings.Pkcs11() {
            @Override
            public Optional<Path> library() {
                return SoftHsm.library();
            }

            @Override
            public OptionalLong slot() {
                return OptionalLong.empty();
            }

            @Override
            public Optional<String> pin() {
                return Optional.of(pin);
            }
        };
    }
}
