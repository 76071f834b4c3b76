package city.madang.identity.mdoc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of OpenID4VP 1.0 appendix B.2.6. */
class SessionTranscriptsTest {

    private static final String NONCE = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA";

    private static byte[] thumbprint() throws Malformed {
        return Base64Url.decode(new PublicJwk(
                        "DxiH5Q4Yx3UrukE2lWCErq8N8bqC9CHLLrAwLz5BmE0", "XtLM4-3h5o3HUH0MHVJV0kyq0iBlrBwlh8qEDMZ4-Pc")
                .thumbprint());
    }

    @Test
    void a_transcript_over_redirects_is_the_specifications() throws Malformed {
        assertEquals(
                "83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494c"
                        + "efdd9d95240d254b046b11b68013722aad38ac",
                HexFormat.of()
                        .formatHex(SessionTranscripts.openId4Vp(
                                "x509_san_dns:example.com", NONCE, thumbprint(), "https://example.com/response")));
    }

    @Test
    void a_transcript_over_the_browsers_api_is_the_specifications() throws Malformed {
        assertEquals(
                "83f6f682764f70656e4944345650444341504948616e646f7665725820fbece366f4212f97"
                        + "62c74cfdbf83b8c69e371d5d68cea09cb4c48ca6daab761a",
                HexFormat.of()
                        .formatHex(SessionTranscripts.openId4VpDcApi("https://example.com", NONCE, thumbprint())));
    }

    @Test
    void without_encryption_the_thumbprint_is_null() {
        byte[] info = HexFormat.of().parseHex("8461616162f66163");
        byte[] hash = city.madang.identity.jose.Sha256.of(info);
        byte[] whole = SessionTranscripts.openId4Vp("a", "b", null, "c");
        assertArrayEquals(hash, java.util.Arrays.copyOfRange(whole, whole.length - 32, whole.length));
    }
}
