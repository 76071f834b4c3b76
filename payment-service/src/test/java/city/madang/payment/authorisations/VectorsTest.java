package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.Bytes32;
import city.madang.contracts.LedgerDomain;
import city.madang.contracts.PayAuthorisation;
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
}
