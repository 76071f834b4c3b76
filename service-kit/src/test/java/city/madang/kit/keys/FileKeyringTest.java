package city.madang.kit.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.kit.keys.Keyring.Algorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileKeyringTest {

    private static final byte[] MESSAGE = "seal".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void a_key_signs_and_outlives_the_process(Algorithm algorithm) throws Exception {
        PublicKey key = ring().createIfAbsent("agency/transport/log", algorithm);

        byte[] signature = ring().sign("agency/transport/log", MESSAGE);

        assertEquals(key, ring().createIfAbsent("agency/transport/log", algorithm));
        Signature verifier = Signature.getInstance(
                switch (algorithm) {
                    case ES256 -> "SHA256withECDSAinP1363Format";
                    case ED25519 -> "Ed25519";
                    case ML_DSA_44 -> "ML-DSA-44";
                });
        verifier.initVerify(key);
        verifier.update(MESSAGE);
        assertTrue(verifier.verify(signature));
        assertEquals(algorithm == Algorithm.ML_DSA_44 ? 2420 : 64, signature.length);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("keys/agency/transport/log.key"))));
    }

    @Test
    void processes_that_race_end_with_one_key() throws Exception {
        Set<PublicKey> keys = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<PublicKey> create = () -> ring().createIfAbsent("raced", Algorithm.ES256);
            for (var created : threads.invokeAll(
                    IntStream.range(0, 16).mapToObj(i -> create).toList())) {
                keys.add(created.get());
            }
        }
        assertEquals(1, keys.size());
    }

    @Test
    void production_refuses_keys_in_files() {
        FileKeyring production = new FileKeyring(folder.resolve("keys"), new InTheClear("production"));
        assertThrows(IllegalStateException.class, () -> production.createIfAbsent("a", Algorithm.ES256));
    }

    @Test
    void a_key_id_cannot_leave_the_folder() {
        assertThrows(IllegalArgumentException.class, () -> ring().createIfAbsent("../outside", Algorithm.ES256));
        assertThrows(IllegalArgumentException.class, () -> ring().sign("/etc/passwd", MESSAGE));
    }

    private FileKeyring ring() {
        return new FileKeyring(folder.resolve("keys"), new InTheClear("development"));
    }
}
