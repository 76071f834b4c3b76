package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.certificates.Signer;
import city.madang.identity.certificates.TestAuthority;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.TestMdocs;
import city.madang.identity.status.ListReader.ReadList;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** Lists of others that are not what they should be say nothing, cost little, and break nothing. */
class HostileListsTest {

    private static final String URI = "https://partner.example/lists/1";
    private static final String IDENTIFIERS = "application/identifierlist+cwt";

    private final TestAuthority authority = new TestAuthority("CN=State");
    private final KeyPair key = TestMdocs.newKey();
    private final X509Certificate leaf = authority.issue("CN=Lists", key);
    private final Signer.OtherIssuer state = new Signer.OtherIssuer("state", Set.of("urn:eudi:pid:1"));
    private final ListReader reader = new ListReader(x5c -> authority.signer(x5c, state));
    private final UnaryOperator<byte[]> signer = TestMdocs.signer(key.getPrivate());
    private final Instant now = Instant.now();

    private ListToken token(int bits, int... values) {
        StatusArray list = StatusArray.of(bits, 4096);
        for (int i = 0; i < values.length; i++) {
            list.set(i, values[i]);
        }
        long seconds = now.getEpochSecond();
        return new ListToken(URI, seconds, seconds + 3600, 60, bits, list.deflate(), "https://partner.example/all");
    }

    private byte[] signed(ListFormat format) {
        return token(2, 0, 1, 2, 3).sign(format, TestAuthority.x5c(leaf), signer);
    }

    private ReadList read(String mediaType, byte[] token) throws Malformed {
        return reader.read(mediaType, token, URI, now);
    }

    private byte[] jwt(Consumer<Map<String, Object>> header, Consumer<Map<String, Object>> claims) {
        Map<String, Object> head =
                new LinkedHashMap<>(Map.of("alg", "ES256", "typ", "statuslist+jwt", "x5c", TestAuthority.x5c(leaf)));
        header.accept(head);
        ListToken token = token(1, 0, 1);
        Map<String, Object> body = new LinkedHashMap<>(Map.of(
                "sub", URI,
                "iat", token.issued(),
                "exp", token.expires(),
                "ttl", 60,
                "status_list", Map.of("bits", 1, "lst", Base64Url.encode(token.compressed()))));
        claims.accept(body);
        return CompactJws.sign(head, body, signer).getBytes(StandardCharsets.US_ASCII);
    }

    private void refused(Consumer<Map<String, Object>> header, Consumer<Map<String, Object>> claims) {
        assertThrows(Malformed.class, () -> read(ListFormat.JWT_TYPE, jwt(header, claims)));
    }

    private static void same(Map<String, Object> map) {}

    @Test
    void a_list_is_signed_by_its_issuer_with_the_one_algorithm() throws Exception {
        assertEquals(
                60,
                read(ListFormat.JWT_TYPE, jwt(head -> {}, HostileListsTest::same))
                        .ttl()
                        .toSeconds());
        for (String alg : List.of("none", "HS256", "RS256", "ES384")) {
            refused(head -> head.put("alg", alg), HostileListsTest::same);
        }
        for (String typ : List.of("JWT", "dc+sd-jwt", "kb+jwt")) {
            refused(head -> head.put("typ", typ), HostileListsTest::same);
        }
        refused(head -> head.remove("x5c"), HostileListsTest::same);
        refused(head -> head.put("x5u", "https://evil.example"), claims -> claims.remove("status_list"));
        TestAuthority stranger = new TestAuthority("CN=State");
        refused(head -> head.put("x5c", TestAuthority.x5c(stranger.issue("CN=Lists", key))), HostileListsTest::same);
        refused(
                head -> head.put("x5c", TestAuthority.x5c(authority.issue("CN=Other", TestMdocs.newKey()))),
                HostileListsTest::same);
    }

    @Test
    void a_list_is_the_one_that_was_asked_for_and_holds_now() {
        long seconds = now.getEpochSecond();
        for (Object sub : List.of(URI + "/", "https://partner.example/lists/2", 1)) {
            refused(head -> {}, claims -> claims.put("sub", sub));
        }
        refused(head -> {}, claims -> claims.remove("sub"));
        refused(head -> {}, claims -> claims.put("exp", seconds - 1));
        refused(head -> {}, claims -> claims.put("nbf", seconds + 120));
        refused(head -> {}, claims -> claims.put("iat", seconds + 120));
        refused(head -> {}, claims -> claims.remove("iat"));
        for (Object ttl : List.of(0, -1, "60", 1.5)) {
            refused(head -> {}, claims -> claims.put("ttl", ttl));
        }
        for (Object bits : List.of(0, 3, 16, -1, "1")) {
            refused(head -> {}, claims -> claims.put("status_list", Map.of("bits", bits, "lst", "eJwDAAAAAAE")));
        }
        for (Object lst : List.of("", "x", "AAAA", 1, "eJwDAAAAAAE=")) {
            refused(head -> {}, claims -> claims.put("status_list", Map.of("bits", 1, "lst", lst)));
        }
    }

    @Test
    void a_bomb_in_a_list_goes_off_nowhere() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                out.write(zeros);
            }
        }
        long start = System.nanoTime();
        refused(
                head -> {},
                claims -> claims.put("status_list", Map.of("bits", 1, "lst", Base64Url.encode(bomb.toByteArray()))));
        assertTrue(System.nanoTime() - start < 2_000_000_000L);
    }

    private byte[] identifiers(String sub, byte[]... ids) {
        CborWriter claims = new CborWriter(1024).map(4);
        claims.integer(2).text(sub).integer(4).integer(now.getEpochSecond() + 600);
        claims.integer(6).integer(now.getEpochSecond());
        claims.integer(65_530).map(1).text("identifiers").map(ids.length);
        for (byte[] id : ids) {
            claims.bytes(id).map(0);
        }
        CborWriter out = new CborWriter(1024).tag(18);
        CoseSign1.write(out, IDENTIFIERS, claims.toBytes(), List.of(TestAuthority.der(leaf)), signer);
        return out.toBytes();
    }

    @Test
    void whoever_is_on_an_identifier_list_is_revoked_and_nobody_else() throws Exception {
        byte[] id = {1, 2, 3, 4};
        StatedBy stated = read(IDENTIFIERS, identifiers(URI, id, new byte[] {9}, new byte[16]))
                .stated();
        assertEquals(CredentialStatus.INVALID, stated.of(new StatusReference.Identifier(URI, ByteBuffer.wrap(id))));
        assertEquals(
                CredentialStatus.VALID,
                stated.of(new StatusReference.Identifier(URI, ByteBuffer.wrap(new byte[] {1, 2, 3}))));
        assertThrows(Malformed.class, () -> stated.of(new StatusReference.Entry(URI, 0)));
        assertThrows(Malformed.class, () -> read(IDENTIFIERS, identifiers(URI + "x", id)));
        assertThrows(Malformed.class, () -> read(IDENTIFIERS, identifiers(URI, id, id)));
        // neither kind of list passes for the other
        assertThrows(Malformed.class, () -> read(IDENTIFIERS, signed(ListFormat.CWT)));
        assertThrows(Malformed.class, () -> read(ListFormat.CWT_TYPE, identifiers(URI, id)));
        StatedBy values = read(ListFormat.CWT_TYPE, signed(ListFormat.CWT)).stated();
        assertThrows(Malformed.class, () -> values.of(new StatusReference.Identifier(URI, ByteBuffer.wrap(id))));
    }

    @Test
    void a_reference_is_understood_or_refused() throws Exception {
        assertEquals(
                new StatusReference.Identifier(URI, ByteBuffer.wrap(new byte[] {7})),
                StatusReference.of(Map.of("identifier_list", Map.of("id", new byte[] {7}, "uri", URI))));
        for (Object claim : List.of(
                Map.of("identifier_list", Map.of("id", "Bw", "uri", URI)),
                Map.of("identifier_list", Map.of("id", new byte[0], "uri", URI)),
                Map.of("identifier_list", Map.of("id", new byte[65], "uri", URI)),
                Map.of("identifier_list", Map.of("id", new byte[] {7})),
                Map.of("status_list", Map.of("idx", 1, "uri", "x".repeat(3000))),
                Map.of("status_list", List.of(1)))) {
            assertThrows(Malformed.class, () -> StatusReference.of(claim));
        }
    }

    @Test
    void a_mutated_list_says_nothing_or_the_same() throws Exception {
        Random random = new Random(20_261_125);
        Map<String, byte[]> tokens = Map.of(
                ListFormat.JWT_TYPE,
                signed(ListFormat.JWT),
                ListFormat.CWT_TYPE,
                signed(ListFormat.CWT),
                IDENTIFIERS,
                identifiers(URI, new byte[] {1}, new byte[] {2}));
        for (Map.Entry<String, byte[]> each : tokens.entrySet()) {
            byte[] token = each.getValue();
            int held = 0;
            for (int round = 0; round < 1500; round++) {
                byte[] mutant =
                        random.nextInt(8) == 0 ? Arrays.copyOf(token, random.nextInt(token.length)) : token.clone();
                for (int i = random.nextInt(3); i >= 0 && mutant.length > 0; i--) {
                    mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
                }
                if (Arrays.equals(mutant, token)) {
                    continue;
                }
                long start = System.nanoTime();
                try {
                    read(each.getKey(), mutant);
                    held++;
                } catch (Malformed refused) {
                    assertTrue(refused.getMessage().length() < 200);
                }
                assertTrue(System.nanoTime() - start < 2_000_000_000L);
            }
            // every byte that says anything is signed
            assertEquals(0, held, each.getKey());
        }
    }
}
