package city.madang.identity.mdoc;

import static city.madang.identity.mdoc.TestIssuer.CITY;
import static city.madang.identity.mdoc.TestIssuer.ISO;
import static city.madang.identity.mdoc.TestIssuer.MDL;
import static city.madang.identity.mdoc.TestIssuer.NOW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.Tagged;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** ISO/IEC 18013-5 §9.1.3 and §9.3.1: what is taken, and what is refused of every kind of tampering. */
@SuppressWarnings("unchecked")
class DeviceResponsesTest {

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final KeyPair DEVICE = TestMdocs.newKey();
    private static final byte[] THUMBPRINT = new byte[32];
    private static final byte[] TRANSCRIPT = transcript("x509_san_dns:a.example", "n-1", "https://a.example/1");
    private static final Map<String, Set<String>> NAME_AND_DISTRICT =
            Map.of(ISO, Set.of("family_name", "age_over_18"), CITY, Set.of("district"));

    private final Map<Object, Object> response = response(ISSUER, DEVICE);

    private static byte[] transcript(String client, String nonce, String uri) {
        return SessionTranscripts.openId4Vp(client, nonce, THUMBPRINT, uri);
    }

    private static Map<Object, Object> response(TestIssuer issuer, KeyPair device) {
        try {
            return parsed(TestMdocs.present(issuer.issue(device), NAME_AND_DISTRICT, TRANSCRIPT, device.getPrivate()));
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<Object, Object> parsed(byte[] cbor) throws Malformed {
        return (Map<Object, Object>) CborReader.read(cbor);
    }

    private Map<Object, Object> document() {
        return ((List<Map<Object, Object>>) response.get("documents")).getFirst();
    }

    private Map<Object, Object> in(String... path) {
        Map<Object, Object> at = document();
        for (String step : path) {
            at = (Map<Object, Object>) at.get(step);
        }
        return at;
    }

    private List<Object> items() {
        return (List<Object>) in("issuerSigned", "nameSpaces").get(ISO);
    }

    private List<Object> issuerAuth() {
        return (List<Object>) in("issuerSigned").get("issuerAuth");
    }

    private List<Object> deviceSignature() {
        return (List<Object>) in("deviceSigned", "deviceAuth").get("deviceSignature");
    }

    private static List<PresentedMdoc> check(byte[] response, byte[] transcript, Instant now) throws Malformed {
        return DeviceResponses.check(response, transcript, ISSUER::trusted, now);
    }

    private void refused(String because) {
        refused(TestMdocs.encode(response), because);
    }

    private static void refused(byte[] response, String because) {
        Malformed refusal = assertThrows(Malformed.class, () -> check(response, TRANSCRIPT, NOW));
        assertEquals(because, refusal.getMessage());
    }

    private static MdocIssuer.Order ordered(Instant signed, Instant from, Instant until) throws Exception {
        MdocIssuer.Order order = ISSUER.order(PublicJwk.of((ECPublicKey) DEVICE.getPublic()));
        return new MdocIssuer.Order(
                MDL, order.nameSpaces(), order.deviceKey(), order.x5chain(), signed, from, until, null);
    }

    private static byte[] presented(MdocIssuer.Order order) throws Malformed {
        return TestMdocs.present(ISSUER.issue(order), NAME_AND_DISTRICT, TRANSCRIPT, DEVICE.getPrivate());
    }

    @Test
    void exactly_what_was_disclosed_is_read() throws Exception {
        PresentedMdoc mdoc = check(TestMdocs.encode(response), TRANSCRIPT, NOW).getFirst();
        assertEquals(MDL, mdoc.docType());
        assertEquals(
                Map.of(ISO, Map.of("family_name", "김", "age_over_18", true), CITY, Map.of("district", "중구")),
                mdoc.nameSpaces());
        assertEquals(ISSUER.leaf, mdoc.issuer());
        assertEquals(List.of(ISSUER.leaf), mdoc.chain());
        assertEquals(Map.of("status_list", Map.of("idx", 412L, "uri", "https://city.example/lists/1")), mdoc.status());
    }

    @Test
    void every_kind_of_value_comes_back_as_plain_java() throws Exception {
        byte[] all = TestMdocs.present(
                ISSUER.issue(DEVICE),
                Map.of(ISO, Set.of("birth_date", "height", "portrait", "driving_privileges")),
                TRANSCRIPT,
                DEVICE.getPrivate());
        Map<String, Object> values =
                check(all, TRANSCRIPT, NOW).getFirst().nameSpaces().get(ISO);
        assertEquals("1990-02-28", values.get("birth_date"));
        assertEquals(172L, values.get("height"));
        assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) values.get("portrait"));
        assertEquals(List.of(Map.of("vehicle_category_code", "B", "sign", "=")), values.get("driving_privileges"));
    }

    @Test
    void a_tag_is_left_aside_only_where_nothing_is_lost_with_it() throws Malformed {
        Map<String, Object> plain = Map.of(
                "c074323032362d30312d30315430303a30303a30305a", "2026-01-01T00:00:00Z",
                "c11a514b67b0", 1363896240L,
                "d82063612f62", "a/b",
                "d903ec6a313939302d30322d3238", "1990-02-28");
        for (Map.Entry<String, Object> each : plain.entrySet()) {
            assertEquals(each.getValue(), ElementValues.plain(cbor(each.getKey())));
        }
        assertArrayEquals(new byte[] {1}, (byte[]) ElementValues.plain(cbor("d8184101")));
        // a bignum, a fraction, a tag in a tag
        for (String lossy : List.of("c24101", "c48221196ab3", "c1c101")) {
            assertThrows(Malformed.class, () -> ElementValues.plain(cbor(lossy)));
        }
    }

    private static Object cbor(String hex) throws Malformed {
        return city.madang.identity.cbor.CborReader.read(
                java.util.HexFormat.of().parseHex(hex));
    }

    @Test
    void a_document_may_disclose_nothing() throws Exception {
        in("issuerSigned").remove("nameSpaces");
        assertEquals(
                Map.of(),
                check(TestMdocs.encode(response), TRANSCRIPT, NOW).getFirst().nameSpaces());
    }

    @Test
    void a_presentation_holds_for_its_own_session_only() {
        byte[] bytes = TestMdocs.encode(response);
        for (byte[] other : List.of(
                transcript("x509_san_dns:b.example", "n-1", "https://a.example/1"),
                transcript("x509_san_dns:a.example", "n-2", "https://a.example/1"),
                transcript("x509_san_dns:a.example", "n-1", "https://a.example/2"),
                SessionTranscripts.openId4Vp("x509_san_dns:a.example", "n-1", new byte[] {1}, "https://a.example/1"),
                SessionTranscripts.openId4Vp("x509_san_dns:a.example", "n-1", null, "https://a.example/1"),
                SessionTranscripts.openId4VpDcApi("https://a.example", "n-1", THUMBPRINT))) {
            Malformed refusal = assertThrows(Malformed.class, () -> check(bytes, other, NOW));
            assertEquals("the document is not signed by its device for this session", refusal.getMessage());
        }
    }

    @Test
    void an_altered_element_is_refused() throws Malformed {
        byte[] item = ((Tagged) items().getFirst()).encoded().clone();
        item[item.length - 1] ^= 1;
        items().set(0, CborReader.read(item));
        refused("an element is not what the issuer signed");
    }

    @Test
    void an_element_of_another_document_is_refused() {
        Map<Object, Object> foreign = response(ISSUER, DEVICE);
        Map<Object, Object> document = ((List<Map<Object, Object>>) foreign.get("documents")).getFirst();
        Map<Object, Object> signed = (Map<Object, Object>) document.get("issuerSigned");
        ((Map<Object, Object>) in("issuerSigned").get("nameSpaces"))
                .put(CITY, ((Map<Object, Object>) signed.get("nameSpaces")).get(CITY));
        refused("an element is not what the issuer signed");
    }

    @Test
    void an_element_the_issuer_never_signed_is_refused() throws Malformed {
        Map<Object, Object> item = new LinkedHashMap<>();
        item.put("digestID", 99L);
        item.put("random", new byte[16]);
        item.put("elementIdentifier", "age_over_21");
        item.put("elementValue", true);
        items().add(CborReader.read(TestMdocs.embedded(TestMdocs.encode(item))));
        refused("an element's digest is unknown or used twice");
    }

    @Test
    void a_name_space_the_issuer_never_signed_is_refused() {
        in("issuerSigned", "nameSpaces").put("foreign", items());
        refused("a name space is not the issuer's");
    }

    @Test
    void a_repeated_element_is_refused() {
        items().add(items().getFirst());
        refused("an element's digest is unknown or used twice");
    }

    /** Changes the MSO and has the issuer sign it again. */
    private void issuedWith(Consumer<Map<Object, Object>> change) throws Malformed {
        byte[] payload = (byte[]) issuerAuth().get(2);
        Map<Object, Object> object = parsed((byte[]) ((Tagged) CborReader.read(payload)).content());
        change.accept(object);
        byte[] changed = TestMdocs.embedded(TestMdocs.encode(object));
        issuerAuth().set(2, changed);
        byte[] toBeSigned = TestMdocs.encode(List.of("Signature1", issuerAuth().get(0), new byte[0], changed));
        issuerAuth().set(3, TestMdocs.signer(ISSUER.key.getPrivate()).apply(toBeSigned));
    }

    /** Adds an element that the issuer has signed as it stands. */
    private void issuedElement(Map<String, Object> element) throws Malformed {
        byte[] item = TestMdocs.embedded(TestMdocs.encode(element));
        items().add(CborReader.read(item));
        issuedWith(object -> ((Map<Object, Object>) ((Map<?, ?>) object.get("valueDigests")).get(ISO))
                .put(element.get("digestID"), Sha256.of(item)));
    }

    @Test
    void two_elements_of_one_name_are_refused_even_if_issued() throws Malformed {
        issuedElement(Map.of(
                "digestID", 77L, "random", new byte[16], "elementIdentifier", "family_name", "elementValue", "이"));
        refused("an element is repeated");
    }

    @Test
    void an_element_whose_digest_could_be_guessed_is_refused() throws Malformed {
        issuedElement(Map.of("digestID", 77L, "random", new byte[15], "elementIdentifier", "sex", "elementValue", 1L));
        refused("an element's random is too short");
    }

    @Test
    void what_the_issuer_signed_must_itself_be_well_formed() throws Malformed {
        issuedWith(object -> object.put("version", "2.0"));
        refused("the version of the MSO is not understood");
        issuedWith(object -> object.put("version", "1.0"));
        check(TestMdocs.encode(response), TRANSCRIPT, NOW);
        issuedWith(object -> object.put("digestAlgorithm", "MD5"));
        refused("the digest algorithm of the MSO is not understood");
        issuedWith(object -> object.put("digestAlgorithm", "SHA-512"));
        refused("an element is not what the issuer signed");
        issuedWith(object -> object.put("digestAlgorithm", "SHA-256"));
        issuedWith(
                object -> ((Map<Object, Object>) object.get("validityInfo")).put("validUntil", "2027-01-01T00:00:00Z"));
        refused("validUntil of the MSO must be a tdate");
        issuedWith(
                object -> ((Map<Object, Object>) object.get("validityInfo")).put("validUntil", tagged(0, "next year")));
        refused("validUntil of the MSO is not a time");
    }

    private static Object tagged(int number, Object content) {
        try {
            return CborReader.read(new CborWriter(64).tag(number).value(content).toBytes());
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void only_a_public_key_on_the_curve_can_be_a_devices() throws Malformed {
        Map<Long, Object> good = new java.util.HashMap<>();
        issuedWith(
                object -> good.putAll((Map<Long, Object>) ((Map<?, ?>) object.get("deviceKeyInfo")).get("deviceKey")));
        Map<Map<Long, Object>, String> wrong = Map.of(
                Map.of(1L, 1L), "the device's key must be a public key on P-256",
                Map.of(-1L, 2L), "the device's key must be a public key on P-256",
                Map.of(-4L, new byte[32]), "the device's key must be a public key on P-256",
                Map.of(-2L, new byte[31]), "a coordinate of P-256 has 32 bytes",
                Map.of(-2L, new byte[32], -3L, new byte[32]), "the device's key is not on P-256",
                Map.of(-3L, true), "-3 of deviceKey of deviceKeyInfo of the MSO must be a byte string");
        for (Map.Entry<Map<Long, Object>, String> change : wrong.entrySet()) {
            Map<Long, Object> key = new java.util.HashMap<>(good);
            key.putAll(change.getKey());
            issuedWith(object -> object.put("deviceKeyInfo", Map.of("deviceKey", key)));
            refused(change.getValue());
        }
    }

    @Test
    void a_document_of_another_type_than_its_issuer_signed_is_refused() {
        document().put("docType", "city.madang.permit.1");
        refused("the document's type is not the one its issuer signed");
    }

    @Test
    void an_issuer_that_nobody_vouches_for_is_refused() throws Exception {
        KeyPair key = TestMdocs.newKey();
        byte[] selfSigned = TestIssuer.certificate("CN=Issuer", key, "CN=Issuer", key, false)
                .getEncoded();
        ((Map<Object, Object>) issuerAuth().get(1)).put(33L, selfSigned);
        refused("untrusted");
        response.put("documents", response(new TestIssuer(), DEVICE).get("documents"));
        refused("untrusted");
    }

    @Test
    void a_trusted_certificate_does_not_vouch_for_anothers_signature() throws Exception {
        KeyPair key = TestMdocs.newKey();
        byte[] other = TestIssuer.certificate("CN=Other", key, "CN=Root", ISSUER.caKey, false)
                .getEncoded();
        ((Map<Object, Object>) issuerAuth().get(1)).put(33L, other);
        refused("the document is not signed by its issuer");
    }

    @Test
    void a_document_without_certificates_is_refused() {
        Map<Object, Object> header = (Map<Object, Object>) issuerAuth().get(1);
        for (Object chain : Arrays.asList(null, List.of(), "text", List.of("text"), 7L)) {
            header.put(33L, chain);
            refused("x5chain of issuerAuth must hold certificates");
        }
    }

    @Test
    void a_chain_of_one_may_stand_alone_or_in_an_array() throws Exception {
        ((Map<Object, Object>) issuerAuth().get(1)).put(33L, List.of(ISSUER.leaf.getEncoded()));
        assertEquals(
                ISSUER.leaf,
                check(TestMdocs.encode(response), TRANSCRIPT, NOW).getFirst().issuer());
    }

    @Test
    void times_bound_a_document_up_to_the_skew_of_clocks() throws Exception {
        byte[] minute = presented(ordered(NOW, NOW, NOW.plusSeconds(60)));
        check(minute, TRANSCRIPT, NOW.plusSeconds(118));
        assertEquals(
                "the document has expired",
                assertThrows(Malformed.class, () -> check(minute, TRANSCRIPT, NOW.plusSeconds(120)))
                        .getMessage());
        check(minute, TRANSCRIPT, NOW.minusSeconds(60));
        assertEquals(
                "the document is not valid yet",
                assertThrows(Malformed.class, () -> check(minute, TRANSCRIPT, NOW.minusSeconds(62)))
                        .getMessage());
        refused(presented(ordered(NOW.plusSeconds(100), NOW, NOW.plusSeconds(600))), "the document is from the future");
        refused(
                presented(ordered(NOW.minusSeconds(86400L * 31), NOW, NOW.plusSeconds(600))),
                "the document was signed while its issuer's certificate was not valid");
    }

    @Test
    void another_devices_signature_is_refused() throws Exception {
        byte[] stolen = TestMdocs.present(
                ISSUER.issue(DEVICE),
                NAME_AND_DISTRICT,
                TRANSCRIPT,
                TestMdocs.newKey().getPrivate());
        refused(stolen, "the document is not signed by its device for this session");
    }

    @Test
    void a_devices_mac_or_no_proof_at_all_is_refused() {
        List<Object> signature = deviceSignature();
        Map<Object, Object> deviceAuth = in("deviceSigned", "deviceAuth");
        deviceAuth.put("deviceMac", signature);
        refused("a device's MAC is not taken, only its signature");
        deviceAuth.remove("deviceSignature");
        refused("a device's MAC is not taken, only its signature");
        deviceAuth.remove("deviceMac");
        refused("the device's signature must be a COSE_Sign1");
        document().remove("deviceSigned");
        refused("deviceSigned of a document must be a map");
    }

    @Test
    void what_only_the_device_says_is_not_taken() throws Malformed {
        in("deviceSigned")
                .put(
                        "nameSpaces",
                        CborReader.read(
                                TestMdocs.embedded(TestMdocs.encode(Map.of(ISO, Map.of("age_over_21", true))))));
        refused("elements that only the device has signed are not taken");
    }

    @Test
    void no_other_algorithm_is_taken_and_none_from_where_it_is_not_signed() {
        for (List<Object> signed : List.of(issuerAuth(), deviceSignature())) {
            String name = signed == issuerAuth() ? "issuerAuth" : "the device's signature";
            Object good = signed.get(0);
            for (long alg : new long[] {-35, -36, -8, -257, 5, 0, 7}) {
                signed.set(0, TestMdocs.encode(Map.of(1L, alg)));
                refused("alg of " + name + " must be ES256");
            }
            signed.set(0, TestMdocs.encode(Map.of(1L, "ES256")));
            refused("1 of the protected header of " + name + " must be an integer");
            signed.set(0, TestMdocs.encode(Map.of()));
            ((Map<Object, Object>) signed.get(1)).put(1L, -7L);
            refused("alg of " + name + " must be protected");
            signed.set(0, good);
            refused("the headers of " + name + " repeat a label");
            ((Map<Object, Object>) signed.get(1)).remove(1L);
            signed.set(0, new byte[0]);
            refused("CBOR ends too early");
            signed.set(0, TestMdocs.encode(Map.of(1L, -7L, 2L, List.of(99L))));
            refused("no critical extension of " + name + " is understood");
            // the same algorithm under its other name is another header, hence another signature
            signed.set(0, TestMdocs.encode(Map.of(1L, -9L)));
            refused(
                    signed == issuerAuth()
                            ? "the document is not signed by its issuer"
                            : "the document is not signed by its device for this session");
            signed.set(0, good);
        }
    }

    @Test
    void payloads_stand_where_the_standard_puts_them() {
        Object payload = issuerAuth().set(2, null);
        refused("the payload of issuerAuth is missing");
        issuerAuth().set(2, payload);
        deviceSignature().set(2, new byte[0]);
        refused("the payload of the device's signature must be detached");
    }

    @Test
    void signatures_of_other_lengths_are_refused() {
        byte[] signature = (byte[]) issuerAuth().get(3);
        for (byte[] other : List.of(new byte[0], new byte[63], Arrays.copyOf(signature, 65))) {
            issuerAuth().set(3, other);
            refused("issuerAuth must be a COSE_Sign1");
        }
        issuerAuth().set(3, new byte[64]);
        refused("the document is not signed by its issuer");
    }

    @Test
    void a_response_says_that_it_is_one() {
        response.put("status", 10L);
        refused("the device reports an error");
        response.put("status", 0L);
        response.put("version", "2.0");
        refused("the version of the DeviceResponse is not understood");
        response.put("version", "1.0");
        Object documents = response.put("documents", List.of());
        refused("the DeviceResponse must hold one to 8 documents");
        response.put("documents", new ArrayList<>(java.util.Collections.nCopies(9, ((List<?>) documents).getFirst())));
        refused("the DeviceResponse must hold one to 8 documents");
        response.remove("documents");
        refused("documents of the DeviceResponse must be an array");
        refused(new byte[DeviceResponses.LONGEST + 1], "the DeviceResponse is too long");
    }

    @Test
    void one_bad_document_spoils_the_response() {
        List<Object> documents = (List<Object>) response.get("documents");
        documents.add(Map.of("docType", MDL));
        refused("issuerSigned of a document must be a map");
    }

    @Test
    void a_response_cut_short_anywhere_is_refused() {
        byte[] whole = TestMdocs.encode(response);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(Malformed.class, () -> check(cut, TRANSCRIPT, NOW));
        }
        refused(Arrays.copyOf(whole, whole.length + 1), "bytes follow the CBOR item");
    }

    /** Whoever stands between may leave out what was disclosed, as the holder might have, but not add to it or change it. */
    @Test
    void no_changed_bit_adds_or_changes_an_element() throws Malformed {
        byte[] whole = TestMdocs.encode(response);
        PresentedMdoc original = check(whole, TRANSCRIPT, NOW).getFirst();
        int taken = 0;
        for (int i = 0; i < whole.length * 8; i++) {
            byte[] changed = whole.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            try {
                PresentedMdoc read = check(changed, TRANSCRIPT, NOW).getFirst();
                assertEquals(original.docType(), read.docType());
                assertEquals(original.issuer().getPublicKey(), read.issuer().getPublicKey());
                assertEquals(original.status(), read.status());
                assertTrue(original.nameSpaces()
                        .entrySet()
                        .containsAll(read.nameSpaces().entrySet()));
                taken++;
            } catch (Malformed refused) {
                // as it should be
            }
        }
        // the letters of a member that is optional, and the digit of a minor version
        assertTrue(taken < 80, taken + " changed responses were taken");
    }

    @Test
    void hostile_values_cost_nothing_and_are_refused() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        refused(deep, "CBOR is nested too deeply");
        refused(new CborWriter(16).array(Integer.MAX_VALUE).toBytes(), "CBOR ends too early");
        refused(new byte[] {(byte) 0x9f, (byte) 0xff}, "CBOR of indefinite length is not taken");
    }
}
