package city.madang.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./madang verify} of the receipt of a hold of 900 won of which 500 were captured, one of five payments of its transaction. */
class ReceiptFileTest {

    @TempDir
    Path folder;

    private static String sample(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ReceiptFileTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private record Said(int exit, String text) {}

    private Said verify(String receipt) throws IOException {
        Path file = folder.resolve("receipt.json");
        Files.writeString(file, receipt);
        var out = new ByteArrayOutputStream();
        var printed = new PrintStream(out, true, UTF_8);
        int exit = Command.run(
                new String[] {file.toString(), "--trust", folder.toString(), "--lang", "en"},
                Instant.now(),
                printed,
                printed);
        return new Said(exit, out.toString(UTF_8));
    }

    private void trust(String jwks) throws IOException {
        Files.writeString(folder.resolve(TrustFolder.PAYMENT_KEYS), jwks);
    }

    @Test
    void a_receipt_is_verified_offline_with_the_payment_services_keys_alone() throws IOException {
        trust(sample("payment-jwks.json"));

        Said said = verify(sample("receipt.json"));

        assertEquals(0, said.exit(), said.text());
        assertTrue(said.text().startsWith("The payment receipt holds"), said.text());
        assertTrue(said.text().contains("✓ The payer's key signed exactly this payment: 500 won"), said.text());
        assertTrue(said.text().contains("? That block 9 of the ledger"), said.text());
    }

    @Test
    void what_was_changed_or_signed_by_another_is_refuted_and_says_which_part() throws IOException {
        String receipt = sample("receipt.json");
        trust(sample("payment-jwks.json"));
        String statement = receipt.split("\"statement\":\"", -1)[1].split("\"", -1)[0];
        String[] parts = statement.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String dearer = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        claims.replace("\"amount\":500", "\"amount\":900").getBytes(UTF_8));
        Map<String, String> forged = Map.of(
                "statement", receipt.replace(parts[1], dearer),
                "batch", receipt.replace("\"index\":", "\"index\":1"),
                "payer", receipt.replaceFirst("\"payer_signature\":\"..", "\"payer_signature\":\"AA"),
                "capture", receipt.replaceFirst("\"capture_signature\":\"..", "\"capture_signature\":\"AA"),
                "form", receipt.replace("\"batch\"", "\"more\":1,\"batch\""));
        for (Map.Entry<String, String> one : forged.entrySet()) {
            Said said = verify(one.getValue());

            assertEquals(1, said.exit(), one.getKey());
            assertTrue(said.text().startsWith("A claim does not hold"), one.getKey() + ": " + said.text());
            assertTrue(said.text().contains("✗ Its part " + one.getKey() + " does not hold"), said.text());
        }
        trust("{\"keys\":[]}");
        assertEquals(1, verify(receipt).exit());
    }

    @Test
    void without_keys_nothing_is_shown() throws IOException {
        Said said = verify(sample("receipt.json"));

        assertEquals(1, said.exit());
        assertTrue(
                said.text().contains("? The payment service's keys (payment-jwks.json) are not at hand"), said.text());
        assertEquals(
                List.of(FileKind.PAYMENT_RECEIPT, FileKind.JSON),
                List.of(
                        FileKind.of(sample("receipt.json").getBytes(UTF_8)),
                        FileKind.of("{\"payload\":\"\"}".getBytes(UTF_8))));
    }
}
