package city.madang.identity.status;

import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.certificates.TestAuthority;
import city.madang.identity.mdoc.TestMdocs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A list of a million credentials stays small enough to be fetched; prints what it measured. */
class ListSizeTest {

    private static final int ENTRIES = 1 << 20;

    /** With one bit and all bits alike random there is nothing to compress; base64url makes a third more of it. */
    private static final int MOST_BYTES_ONE_BIT = 200 * 1024;

    @Test
    void a_million_credentials_fit_into_a_list_that_can_be_fetched() {
        TestAuthority authority = new TestAuthority("CN=City");
        KeyPair key = TestMdocs.newKey();
        X509Certificate leaf = authority.issue("CN=Lists", key);
        UnaryOperator<byte[]> signer = TestMdocs.signer(key.getPrivate());
        Random random = new Random(1);
        for (int bits : List.of(1, 2, 8)) {
            for (double part : new double[] {0, 0.001, 0.01, 0.1}) {
                StatusArray list = StatusArray.of(bits, ENTRIES);
                for (int index = 0; index < ENTRIES; index++) {
                    if (random.nextDouble() < part) {
                        list.set(index, 1);
                    }
                }
                long start = System.nanoTime();
                byte[] compressed = list.deflate();
                long deflated = System.nanoTime();
                ListToken token = new ListToken(
                        "https://city.example/identity/status-lists/0b3a4f1e-6c0f-4f51-9a57-3f6f9b7f1a52",
                        1,
                        2,
                        60,
                        bits,
                        compressed,
                        "https://city.example/identity/status-lists");
                int jwt = token.sign(ListFormat.JWT, TestAuthority.x5c(leaf), signer).length;
                long signed = System.nanoTime();
                int cwt = token.sign(ListFormat.CWT, TestAuthority.x5c(leaf), signer).length;
                System.out.printf(
                        "2^20 entries of %d bit, %4.1f %% revoked: JWT %d bytes, CWT %d bytes, compressed in %d ms, signed in %.1f ms%n",
                        bits, part * 100, jwt, cwt, (deflated - start) / 1_000_000, (signed - deflated) / 1e6);
                assertTrue(bits > 1 || jwt < MOST_BYTES_ONE_BIT, () -> jwt + " bytes");
                assertTrue(cwt < jwt || part == 0, "a CWT is smaller");
            }
        }
    }
}
