package city.madang.identity.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.TestMdocs;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose signatures count, as an operator sets it down. */
class SignersTest {

    @TempDir
    Path folder;

    private final TestAuthority city = new TestAuthority("CN=City");
    private final TestAuthority pid = new TestAuthority("CN=PID");
    private final TestAuthority licences = new TestAuthority("CN=IACA");
    private final KeyPair key = TestMdocs.newKey();
    private Signers signers;
    private final TestKeyring none = new TestKeyring();

    private Path pem(String name, X509Certificate... certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder().encodeToString(certificate.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private Signers signers(Map<String, String> more) throws Exception {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withMapping(IdentitySettings.class)
                .withDefaultValue("madang.origin", "https://city.example")
                .withDefaultValue("madang.ca.certificate", "unused")
                .withDefaultValue("madang.ca.key", "unused")
                .withDefaultValue(
                        "madang.trust-anchor",
                        pem("city.pem", city.certificate()).toString());
        more.forEach(builder::withDefaultValue);
        SmallRyeConfig config = builder.build();
        IdentitySettings settings = config.getConfigMapping(IdentitySettings.class);
        Signers made = new Signers(new TrustAnchor(settings), new Iacas(new MdocCa(none, settings), none), settings);
        made.read(new StartupEvent());
        return made;
    }

    @BeforeEach
    void an_operator_trusts_two_others() throws Exception {
        signers = signers(Map.of(
                "madang.other-issuers.pid.certificates",
                pem("pid.pem", pid.certificate()).toString(),
                "madang.other-issuers.pid.types",
                "urn:eudi:pid:1,eu.europa.ec.eudi.pid.1",
                "madang.other-issuers.mdl.certificates",
                pem("mdl.pem", licences.certificate()).toString(),
                "madang.other-issuers.mdl.types",
                "org.iso.18013.5.1.mDL"));
    }

    private List<String> chain(TestAuthority authority) {
        return TestAuthority.x5c(authority.issue("CN=Signer", key));
    }

    @Test
    void each_is_known_for_its_own_types() throws Exception {
        assertNull(signers.of(chain(city)).other());
        Signer.OtherIssuer state = signers.of(chain(pid)).other();
        assertNotNull(state);
        assertEquals(Set.of("urn:eudi:pid:1", "eu.europa.ec.eudi.pid.1"), state.types());
        assertEquals("mdl", signers.of(chain(licences)).other().name());
    }

    @Test
    void nobody_else_is_known() {
        assertThrows(Malformed.class, () -> signers.of(chain(new TestAuthority("CN=PID"))));
        assertThrows(Malformed.class, () -> signers.of(TestAuthority.x5c(pid.certificate())));
        assertThrows(
                Malformed.class, () -> signers.of(TestAuthority.x5c(pid.issue("CN=Signer", key), pid.certificate())));
        for (Object no : new Object[] {null, "x", List.of(), List.of("x"), List.of(1)}) {
            assertThrows(Malformed.class, () -> signers.of(no));
        }
    }

    @Test
    void without_a_setting_the_city_alone_is_trusted_and_a_broken_one_is_noticed_at_the_start() throws Exception {
        Signers alone = signers(Map.of());
        assertNull(alone.of(chain(city)).other());
        assertThrows(Malformed.class, () -> alone.of(chain(pid)));
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        for (String file :
                List.of(empty.toString(), folder.resolve("absent.pem").toString())) {
            assertThrows(
                    RuntimeException.class,
                    () -> signers(
                            Map.of("madang.other-issuers.x.certificates", file, "madang.other-issuers.x.types", "t")));
        }
    }
}
