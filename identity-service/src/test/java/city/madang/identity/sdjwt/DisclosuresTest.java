package city.madang.identity.sdjwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.dcql.Undisclosed;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RFC 9901 §7.1, steps 2 and 3. */
class DisclosuresTest {

    private static String disclosure(Object... parts) {
        return Base64Url.encode(StrictJson.write(Arrays.asList(parts)).getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(String disclosure) {
        return Base64Url.encode(Sha256.of(disclosure.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Map<String, Object> hidden(String... disclosures) {
        return Map.of(
                "_sd", Arrays.stream(disclosures).map(DisclosuresTest::digest).toList());
    }

    private static void refused(Map<String, Object> payload, String... disclosures) {
        assertThrows(
                Malformed.class, () -> new Disclosures(List.of(disclosures)).applyTo(new java.util.TreeMap<>(payload)));
    }

    @Test
    void disclosures_are_put_back_at_every_depth() throws Malformed {
        String street = disclosure("s1", "street", "마당로 1");
        String second = disclosure("s2", "b");
        String address = disclosure("s3", "address", hidden(street));
        Disclosures all = new Disclosures(List.of(address, street, second));
        assertEquals(
                Map.of("address", Map.of("street", "마당로 1"), "list", List.of("a", Undisclosed.HERE, "b")),
                all.applyTo(Map.of(
                        "_sd",
                        List.of(digest(address)),
                        "_sd_alg",
                        "sha-256",
                        "list",
                        List.of("a", Map.of("...", "absent"), Map.of("...", digest(second))))));
        assertEquals(
                java.util.Set.of(List.of("address"), List.of("address", "street"), List.of("list", 2)),
                java.util.Set.copyOf(all.paths()));
    }

    @Test
    void what_decides_whether_a_credential_holds_is_never_hidden() {
        for (String name :
                List.of("iss", "nbf", "exp", "cnf", "vct", "status", "vct#integrity", "_sd", "_sd_alg", "...")) {
            String hidden = disclosure("salt", name, "x");
            refused(hidden(hidden), hidden);
        }
    }

    @Test
    void a_disclosure_is_referenced_exactly_once_and_in_its_own_form() {
        String member = disclosure("salt", "a", 1);
        String element = disclosure("salt", 1);
        refused(Map.of("_sd", List.of(digest(member), digest(member))), member);
        refused(Map.of("_sd", List.of(digest(member)), "b", hidden(member)), member);
        refused(Map.of("_sd", List.of("decoy", "decoy")));
        refused(Map.of(), member);
        refused(hidden(member), member, member);
        refused(hidden(element), element);
        refused(Map.of("a", List.of(Map.of("...", digest(member)))), member);
        refused(Map.of("a", List.of(Map.of("...", digest(element), "b", 1))), element);
        refused(Map.of("_sd", List.of(digest(member)), "a", 2), member);
        refused(Map.of("_sd", "x"));
        refused(Map.of("_sd", List.of(1)));
        refused(Map.of("...", "x"));
        refused(Map.of("a", Map.of("...", "x")));
        refused(Map.of("_sd_alg", "sha-512"));
        refused(hidden(disclosure("salt", 1, 2)), disclosure("salt", 1, 2));
        refused(hidden(disclosure(1, "a", 2)), disclosure(1, "a", 2));
        refused(hidden(disclosure("salt", "a", 1, 2)), disclosure("salt", "a", 1, 2));
    }
}
