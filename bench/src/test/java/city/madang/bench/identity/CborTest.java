package city.madang.bench.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.nimbusds.jose.jwk.ECKey;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CborTest {

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** RFC 8949 appendix A. */
    @Test
    void what_is_written_is_as_the_standards_examples() {
        assertEquals("17", hex(new Cbor().integer(23).toBytes()));
        assertEquals("1818", hex(new Cbor().integer(24).toBytes()));
        assertEquals("1903e8", hex(new Cbor().integer(1000).toBytes()));
        assertEquals("1a000f4240", hex(new Cbor().integer(1_000_000).toBytes()));
        assertEquals("26", hex(new Cbor().integer(-7).toBytes()));
        assertEquals(
                "8301f66161",
                hex(new Cbor().array(3).integer(1).nothing().text("a").toBytes()));
        assertEquals(
                "a101d8184101",
                hex(new Cbor().map(1).integer(1).embedded(new byte[] {1}).toBytes()));
    }

    /** OpenID4VP 1.0 appendix B.2.6.1. */
    @Test
    void a_session_transcript_is_the_specifications() throws Exception {
        var key = ECKey.parse(
                """
                {"kty": "EC", "crv": "P-256", "x": "DxiH5Q4Yx3UrukE2lWCErq8N8bqC9CHLLrAwLz5BmE0",
                 "y": "XtLM4-3h5o3HUH0MHVJV0kyq0iBlrBwlh8qEDMZ4-Pc"}""");
        assertEquals(
                "83f6f682714f70656e494434565048616e646f7665725820048bc053c00442af9b8eed494c"
                        + "efdd9d95240d254b046b11b68013722aad38ac",
                hex(Cbor.sessionTranscript(
                        "x509_san_dns:example.com",
                        "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA",
                        key.computeThumbprint().decode(),
                        "https://example.com/response")));
    }
}
