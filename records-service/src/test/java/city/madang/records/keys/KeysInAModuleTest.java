package city.madang.records.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import city.madang.devstack.testing.DevstackResource;
import city.madang.devstack.testing.SoftHsm;
import city.madang.kit.keys.Keyring;
import city.madang.kit.p256.P256;
import city.madang.records.RecordsConfig;
import city.madang.records.TrustAnchorResource;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service with its keys in a security module, SoftHSM (Debian: {@code apt install softhsm2}); says so when it is not there. */
@QuarkusTest
@WithTestResource(
        value = DevstackResource.class,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka,chain,keycloak"),
            @ResourceArg(name = "service", value = "records")
        })
@WithTestResource(TrustAnchorResource.class)
@TestProfile(KeysInAModuleTest.InAModule.class)
class KeysInAModuleTest {

    /** As a city would set it. */
    public static class InAModule implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return SoftHsm.library()
                    .map(library -> {
                        Path folder;
                        try {
                            folder = Files.createTempDirectory("madang-token-");
                            SoftHsm.initialize(folder);
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        } catch (InterruptedException stopped) {
                            throw new IllegalStateException(stopped);
                        }
                        // of its own: what the module closes, the other tests could not read
                        return Map.of(
                                "madang.data-dir",
                                folder.resolve("data").toString(),
                                "madang.keys.store",
                                "pkcs11",
                                "madang.keys.pkcs11.library",
                                library.toString(),
                                "madang.keys.pkcs11.pin",
                                SoftHsm.PIN);
                    })
                    .orElse(Map.of());
        }
    }

    private static final SecretKey RECORD_KEY = new SecretKeySpec(new byte[32], "AES");

    @Inject
    WrappingKeys wrapping;

    @Inject
    Keyring keyring;

    @Inject
    RecordsConfig config;

    @BeforeEach
    void a_module() {
        assumeTrue(
                SoftHsm.library().isPresent(), "no SoftHSM here (Debian: apt install softhsm2): no module was tried");
    }

    @Test
    void keys_of_records_open_until_the_version_that_wrapped_them_is_destroyed() throws IOException {
        assertInstanceOf(TokenWrappingKeys.class, ClientProxy.unwrap(wrapping));
        byte[] old = wrapping.wrap("transport", RECORD_KEY);
        wrapping.create("transport", 2);
        wrapping.create("transport", 2);
        byte[] current = wrapping.wrap("transport", RECORD_KEY);

        assertEquals(2, wrapping.current("transport"));
        assertEquals(RECORD_KEY, wrapping.unwrap("transport", old));
        wrapping.destroy("transport", 1);
        wrapping.destroy("transport", 1);

        assertEquals(RECORD_KEY, wrapping.unwrap("transport", current));
        assertThrows(IllegalStateException.class, () -> wrapping.unwrap("transport", old));
        assertThrows(IllegalStateException.class, () -> wrapping.unwrap("city-hall", current));
        assertThrows(IllegalArgumentException.class, () -> wrapping.wrap("../transport", RECORD_KEY));
        try (Stream<Path> files = Files.walk(config.dataDir().resolve("keys"))) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".aes")));
        }
    }

    @Test
    void keys_that_sign_are_the_modules() {
        byte[] message = "checkpoint".getBytes(StandardCharsets.UTF_8);
        ECPublicKey key = (ECPublicKey) keyring.createIfAbsent("agency/transport/seal-test", Keyring.Algorithm.ES256);

        assertTrue(P256.verify(key, message, keyring.sign("agency/transport/seal-test", message)));
        assertTrue(Files.notExists(config.dataDir().resolve("keys/agency/transport/seal-test.key")));
    }
}
