package city.madang.identity.mdoc;

import static city.madang.identity.mdoc.TestIssuer.CITY;
import static city.madang.identity.mdoc.TestIssuer.ISO;
import static city.madang.identity.mdoc.TestIssuer.MDL;
import static city.madang.identity.mdoc.TestIssuer.NOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.PublicJwk;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** ISO/IEC 18013-5 §9.1.2: what is issued is shaped as the standard says, and tells nothing it should not. */
class MdocIssuerTest {

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final KeyPair DEVICE = TestMdocs.newKey();

    private static MdocIssuer.Order order() throws Exception {
        return ISSUER.order(PublicJwk.of((ECPublicKey) DEVICE.getPublic()));
    }

    private static CborMap security(CborMap issued) throws Exception {
        byte[] payload = (byte[]) issued.array("issuerAuth").get(2);
        return Tagged.embedding(CborReader.read(payload), "the MSO").embeddedMap("the MSO");
    }

    @Test
    void an_mso_holds_what_the_standard_asks_for() throws Exception {
        CborMap issued = CborMap.read(ISSUER.issue(order()), "issued");
        assertEquals(Set.of("nameSpaces", "issuerAuth"), issued.members().keySet());
        CborMap object = security(issued);
        assertEquals("1.0", object.text("version"));
        assertEquals("SHA-256", object.text("digestAlgorithm"));
        assertEquals(MDL, object.text("docType"));
        assertEquals(Set.of(ISO, CITY), object.map("valueDigests").members().keySet());
        assertEquals(7, object.map("valueDigests").map(ISO).members().size());
        CborMap key = object.map("deviceKeyInfo").map("deviceKey");
        assertEquals(Set.of(1L, -1L, -2L, -3L), key.members().keySet());
        assertEquals(DEVICE.getPublic(), CoseKey.parse(key));
        Tagged signed =
                assertInstanceOf(Tagged.class, object.map("validityInfo").get("signed"));
        assertEquals(0, signed.number());
        assertEquals("2026-11-24T12:00:00Z", signed.content());
        CborMap status = object.map("status").map("status_list");
        assertEquals(412, status.integer("idx"));
        assertEquals("https://city.example/lists/1", status.text("uri"));
    }

    @Test
    void the_signature_is_a_cose_sign1_with_the_chain_outside_what_is_signed() throws Exception {
        List<Object> one = CborMap.read(ISSUER.issue(order()), "issued").array("issuerAuth");
        assertEquals("a10126", HexFormat.of().formatHex((byte[]) one.get(0)));
        CborMap unprotected = CborMap.of(one.get(1), "header");
        assertEquals(Set.of(33L), unprotected.members().keySet());
        assertArrayEquals(ISSUER.leaf.getEncoded(), unprotected.bytes(33L));
        MdocIssuer.Order two = order();
        two = new MdocIssuer.Order(
                MDL,
                two.nameSpaces(),
                two.deviceKey(),
                List.of(ISSUER.leaf.getEncoded(), ISSUER.ca.getEncoded()),
                NOW,
                NOW,
                NOW.plusSeconds(60),
                null);
        CborMap issued = CborMap.read(ISSUER.issue(two), "issued");
        assertEquals(
                2,
                CborMap.of(issued.array("issuerAuth").get(1), "header")
                        .array(33L)
                        .size());
        assertTrue(!security(issued).has("status"));
    }

    @Test
    void salts_never_repeat_and_digest_ids_tell_no_order() throws Exception {
        Set<String> salts = new HashSet<>();
        Set<List<Long>> orders = new HashSet<>();
        int rounds = 60;
        for (int round = 0; round < rounds; round++) {
            CborMap issued = CborMap.read(ISSUER.issue(order()), "issued");
            List<Long> ids = new java.util.ArrayList<>();
            for (Object item : issued.map("nameSpaces").array(ISO)) {
                CborMap element = Tagged.embedding(item, "item").embeddedMap("item");
                ids.add(element.integer("digestID"));
                assertEquals(16, element.bytes("random").length);
                assertTrue(salts.add(HexFormat.of().formatHex(element.bytes("random"))));
            }
            assertEquals(Set.of(0L, 1L, 2L, 3L, 4L, 5L, 6L), Set.copyOf(ids));
            orders.add(ids);
        }
        // of 5040 orders, 60 rounds give fewer than 50 different ones once in ages
        assertTrue(orders.size() > 50, orders.size() + " orders");
    }

    @Test
    void one_signature_is_made_for_one_credential() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        MdocIssuer.issue(order(), message -> {
            calls.incrementAndGet();
            return TestMdocs.signer(ISSUER.key.getPrivate()).apply(message);
        });
        assertEquals(1, calls.get());
        assertThrows(IllegalStateException.class, () -> MdocIssuer.issue(order(), message -> new byte[70]));
    }

    @Test
    void nothing_and_nobody_are_not_certified() throws Exception {
        MdocIssuer.Order good = order();
        for (Map<String, Map<String, Object>> none : List.<Map<String, Map<String, Object>>>of(
                Map.of(), Map.of(ISO, Map.of()), Map.of(ISO, Map.of("a", new Object())))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ISSUER.issue(
                            new MdocIssuer.Order(MDL, none, good.deviceKey(), good.x5chain(), NOW, NOW, NOW, null)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ISSUER.issue(new MdocIssuer.Order(
                        MDL, good.nameSpaces(), good.deviceKey(), List.of(), NOW, NOW, NOW, null)));
    }

    @Test
    void json_gets_the_kinds_of_the_standards_name_spaces() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("birth_date", "1990-02-28");
        claims.put("expiry_date", "no date");
        claims.put("portrait_capture_date", "2026-01-01T00:00:00Z");
        claims.put("family_name", "1990-02-28");
        claims.put("age_over_18", true);
        claims.put("driving_privileges", List.of(Map.of("vehicle_category_code", "B", "issue_date", "2020-01-02")));
        Map<String, Map<String, Object>> typed = MdlElements.fromJson(Map.of(ISO, claims, CITY, claims));
        assertEquals(claims, typed.get(CITY));
        Map<String, Object> iso = typed.get(ISO);
        assertEquals(LocalDate.parse("1990-02-28"), iso.get("birth_date"));
        assertEquals("no date", iso.get("expiry_date"));
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), iso.get("portrait_capture_date"));
        assertEquals("1990-02-28", iso.get("family_name"));
        assertEquals(true, iso.get("age_over_18"));
        assertEquals(
                List.of(Map.of("vehicle_category_code", "B", "issue_date", LocalDate.parse("2020-01-02"))),
                iso.get("driving_privileges"));
        byte[] image = {-1, -2, -3, 62};
        for (String text : List.of("//79Pg==", "__79Pg", "data:image/jpeg;base64,//79Pg==")) {
            assertArrayEquals(image, (byte[]) MdlElements.fromJson(Map.of(ISO, Map.of("portrait", text)))
                    .get(ISO)
                    .get("portrait"));
        }
    }
}
