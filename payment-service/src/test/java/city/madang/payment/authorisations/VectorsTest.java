package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.HoldAuthorisation;
import city.madang.contracts.HoldCapture;
import city.madang.contracts.KeyRotation;
import city.madang.contracts.LedgerDomain;
import city.madang.contracts.NonceCancellation;
import city.madang.contracts.P256Point;
import city.madang.contracts.PayAuthorisation;
import city.madang.contracts.RecoveryVeto;
import city.madang.kit.p256.P256;
import city.madang.payment.bills.BillHash;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VectorsTest {

    /** The JSON of the page that wallet authors read. */
    private static JsonObject published() throws IOException {
        String page = Files.readString(Path.of("../docs/payments.md"));
        int begin = page.indexOf("```json\n{\"chain_id\"") + "```json\n".length();
        return new JsonObject(page.substring(begin, page.indexOf("```", begin)));
    }

    @Test
    void the_published_vectors_are_what_this_service_computes() throws IOException {
        JsonObject vector = published();
        Bytes32 separator = new LedgerDomain(
                        BigInteger.valueOf(vector.getLong("chain_id")), vector.getString("verifying_contract"))
                .separator();
        assertEquals(vector.getString("domain_separator"), separator.hex());
        Bytes32 billHash = BillHash.of(
                new Bytes32(vector.getString("salt")),
                UUID.fromString(vector.getString("bill")),
                vector.getLong("amount"),
                vector.getString("to"));
        assertEquals(vector.getString("bill_hash"), billHash.hex());
        BigInteger nonce = new BigInteger(vector.getString("nonce"));
        PayAuthorisation pay = new PayAuthorisation(
                new Bytes32(vector.getString("from")),
                vector.getLong("key_version"),
                new Bytes32(vector.getString("to")),
                vector.getLong("amount"),
                billHash,
                nonce,
                vector.getLong("valid_after"),
                vector.getLong("valid_before"));

        assertEquals(vector.getString("struct_hash"), pay.structHash().hex());
        assertEquals(vector.getString("message"), HexFormat.of().formatHex(pay.message(separator)));
        assertEquals(vector.getString("id"), pay.id(separator).hex());
        assertTrue(P256.verify(
                P256.publicKey(
                        new Bytes32(vector.getString("x")).unsigned(), new Bytes32(vector.getString("y")).unsigned()),
                pay.message(separator),
                Base64.getUrlDecoder().decode(vector.getString("signature"))));
        assertEquals(
                vector.getString("instalment_hash"),
                Reference.instalment(billHash, pay.from(), nonce).hex());
        assertEquals(
                vector.getString("refund_hash"),
                Reference.refund(pay.id(separator), pay.to(), nonce).hex());
    }

    @Test
    void the_published_vectors_of_the_other_messages_are_what_the_contract_checks() throws IOException {
        String page = Files.readString(Path.of("../docs/payments.md"));
        int begin = page.indexOf("```json\n{\"x\"") + "```json\n".length();
        JsonObject all = new JsonObject(page.substring(begin, page.indexOf("```", begin)));
        Bytes32 separator = new Bytes32(published().getString("domain_separator"));
        P256Point key = new P256Point(word(all, "x"), word(all, "y"));

        JsonObject h = all.getJsonObject("Hold");
        HoldAuthorisation hold = new HoldAuthorisation(
                word(h, "from"),
                h.getLong("key_version"),
                word(h, "to"),
                word(h, "capturer"),
                h.getLong("max_amount"),
                word(h, "bill_hash"),
                new BigInteger(h.getString("nonce")),
                h.getLong("valid_after"),
                h.getLong("valid_before"));
        assertEquals(h.getString("id"), hold.id(separator).hex());
        assertSigned(key, h, hold.structHash(), hold.message(separator));

        JsonObject c = all.getJsonObject("Capture");
        assertEquals(h.getString("id"), c.getString("hold"));
        HoldCapture capture = new HoldCapture(word(c, "hold"), c.getLong("key_version"), c.getLong("amount"));
        assertSigned(key, c, capture.structHash(), capture.message(separator));

        JsonObject n = all.getJsonObject("CancelNonce");
        NonceCancellation cancel = new NonceCancellation(
                word(n, "account"), n.getLong("key_version"), new BigInteger(n.getString("nonce")));
        assertSigned(key, n, cancel.structHash(), cancel.message(separator));

        JsonObject r = all.getJsonObject("RotateKey");
        KeyRotation rotation =
                new KeyRotation(word(r, "account"), r.getLong("key_version"), word(r, "new_x"), word(r, "new_y"));
        assertSigned(key, r, rotation.structHash(), rotation.message(separator));

        JsonObject v = all.getJsonObject("VetoRecovery");
        RecoveryVeto veto = new RecoveryVeto(
                word(v, "account"), v.getLong("key_version"), v.getLong("number"), word(v, "new_x"), word(v, "new_y"));
        assertSigned(key, v, veto.structHash(), veto.message(separator));
    }

    private static Bytes32 word(JsonObject vector, String member) {
        return new Bytes32(vector.getString(member));
    }

    private static void assertSigned(P256Point key, JsonObject vector, Bytes32 structHash, byte[] message) {
        assertEquals(vector.getString("struct_hash"), structHash.hex());
        assertTrue(key.verifies(message, Base64.getUrlDecoder().decode(vector.getString("signature"))));
    }
}
