package city.madang.identity.mdoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Documents issued and presented by an independent library hold here, in the sessions they were made for and no other. */
class PeerTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final String NONCE = "n-0S6_WzA2Mj";
    private static final String URI = "https://verifier.example/response/1";
    private static final Map<String, Object> VECTORS = vectors();

    private static Map<String, Object> vectors() {
        try (InputStream file = PeerTest.class.getResourceAsStream("/mdoc/owf-mdoc.json")) {
            return StrictJson.object(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException | Malformed broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static byte[] bytes(String kind, String flow) {
        return Base64.getDecoder().decode((String) ((Map<?, ?>) VECTORS.get(kind)).get(flow));
    }

    private static Map<String, byte[]> transcripts() {
        byte[] thumbprint = new byte[32];
        Arrays.fill(thumbprint, (byte) 7);
        return Map.of(
                "redirect", SessionTranscripts.openId4Vp("x509_hash:abc", NONCE, thumbprint, URI),
                "unencrypted", SessionTranscripts.openId4Vp("x509_hash:abc", NONCE, null, URI),
                "browser", SessionTranscripts.openId4VpDcApi("https://verifier.example", NONCE, thumbprint));
    }

    /** The leaf, if the anchor has signed it. */
    private static X509Certificate trusted(Object x5c) throws Malformed {
        try {
            X509Certificate anchor = certificate((String) VECTORS.get("anchor"));
            X509Certificate leaf = certificate((String) ((List<?>) x5c).getFirst());
            leaf.verify(anchor.getPublicKey());
            return leaf;
        } catch (GeneralSecurityException untrusted) {
            throw new Malformed("untrusted");
        }
    }

    private static X509Certificate certificate(String base64) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }

    @Test
    void transcripts_are_the_same_bytes() {
        transcripts().forEach((flow, ours) -> assertArrayEquals(bytes("transcripts", flow), ours, flow));
    }

    @Test
    void its_documents_hold_in_their_own_session_only() throws Malformed {
        for (String flow : transcripts().keySet()) {
            for (Map.Entry<String, byte[]> session : transcripts().entrySet()) {
                byte[] response = bytes("responses", flow);
                if (session.getKey().equals(flow)) {
                    same(DeviceResponses.check(response, session.getValue(), PeerTest::trusted, NOW));
                } else {
                    assertThrows(
                            Malformed.class,
                            () -> DeviceResponses.check(response, session.getValue(), PeerTest::trusted, NOW));
                }
            }
        }
    }

    private static void same(List<PresentedMdoc> presented) {
        assertEquals(1, presented.size());
        assertEquals("org.iso.18013.5.1.mDL", presented.getFirst().docType());
        Map<String, Object> values =
                new HashMap<>(presented.getFirst().nameSpaces().get("org.iso.18013.5.1"));
        assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) values.remove("portrait"));
        assertEquals(
                Map.of(
                        "family_name",
                        "김",
                        "birth_date",
                        "1990-02-28",
                        "age_over_18",
                        true,
                        "height",
                        172L,
                        "weight",
                        70.5,
                        "driving_privileges",
                        List.of(Map.of("vehicle_category_code", "B"))),
                values);
    }
}
