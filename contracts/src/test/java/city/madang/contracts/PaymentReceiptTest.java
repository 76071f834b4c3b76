package city.madang.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts of made-up payments: no chain, no service. */
class PaymentReceiptTest {

    private static final LedgerDomain DOMAIN =
            new LedgerDomain(BigInteger.valueOf(31337), "0x5fbdb2315678afecb367f032d93f642f64180aa3");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Wallet service = new Wallet();
    private final Wallet payer = new Wallet();
    private final Wallet capturer = new Wallet();

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(P256Signature signature) {
        byte[] bytes = new byte[64];
        System.arraycopy(signature.r().bytes(), 0, bytes, 0, 32);
        System.arraycopy(signature.s().bytes(), 0, bytes, 32, 32);
        return bytes;
    }

    private String jwks(Wallet key) {
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"one\",\"x\":\"%s\",\"y\":\"%s\"}]}"
                .formatted(base64(key.x().bytes()), base64(key.y().bytes()));
    }

    private static Outcome.Settled other() {
        return new Outcome.Settled(TestKeys.random(), TestKeys.random(), TestKeys.random(), 7, Bytes32.ZERO);
    }

    /** A good receipt of a payment, or of a hold captured in part, among others of its batch. */
    private String receipt(boolean hold, int others) {
        Bytes32 separator = DOMAIN.separator();
        PayAuthorisation pay = new PayAuthorisation(
                TestKeys.random(),
                1,
                TestKeys.random(),
                hold ? 900 : 500,
                hold ? Bytes32.ZERO : TestKeys.random(),
                BigInteger.valueOf(259),
                10,
                20);
        Bytes32 capturerId = TestKeys.random();
        HoldAuthorisation held =
                new HoldAuthorisation(pay.from(), 1, pay.to(), capturerId, 900, pay.billHash(), pay.nonce(), 10, 20);
        byte[] message = hold ? held.message(separator) : pay.message(separator);
        Bytes32 id = hold ? held.id(separator) : pay.id(separator);
        List<Outcome.Settled> settled = new ArrayList<>();
        IntStream.range(0, others).forEach(i -> settled.add(other()));
        settled.add(new Outcome.Settled(id, pay.from(), pay.to(), 500, pay.billHash()));
        SettledTree tree = new SettledTree(settled);
        SettledTree.Path path = tree.path(id).orElseThrow();
        String claims =
                """
                {"iss":"https://localhost:8443/payment","authorisation":"%s","from":"%s","key_version":1,"from_key":{"x":"%s","y":"%s"},
                "to":"%s","amount":500,"bill_hash":"%s","nonce":"259","valid_after":10,"valid_before":20,"chain_id":31337,
                "contract":"%s","transaction_hash":"%s","block_number":9,"block_hash":"%s","log_index":3,"settled_root":"%s",
                "settled_size":%d%s}"""
                        .formatted(
                                id,
                                pay.from(),
                                payer.x(),
                                payer.y(),
                                pay.to(),
                                pay.billHash(),
                                DOMAIN.verifyingContract(),
                                TestKeys.random(),
                                TestKeys.random(),
                                tree.root(),
                                settled.size(),
                                hold
                                        ? ",\"max_amount\":900,\"capturer\":\"%s\",\"capture_key_version\":1,\"capturer_key\":{\"x\":\"%s\",\"y\":\"%s\"}"
                                                .formatted(capturerId, capturer.x(), capturer.y())
                                        : "");
        String input = base64("{\"typ\":\"madang-receipt+jwt\",\"alg\":\"ES256\",\"kid\":\"one\"}".getBytes(UTF_8))
                + "." + base64(claims.getBytes(UTF_8));
        String statement = input + "." + base64(bytes(service.sign(input.getBytes(US_ASCII))));
        String capture = hold
                ? ",\"capture_signature\":\""
                        + base64(bytes(capturer.sign(new HoldCapture(id, 1, 500).message(separator)))) + "\""
                : "";
        String hashes = path.hashes().stream()
                .map(hash -> "\"" + hash + "\"")
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        return "{\"madang_receipt\":1,\"statement\":\"%s\",\"payer_signature\":\"%s\"%s,\"batch\":{\"index\":%d,\"size\":%d,\"path\":[%s]}}"
                .formatted(statement, base64(bytes(payer.sign(message))), capture, path.index(), path.size(), hashes);
    }

    private String step(String receipt) {
        return switch (PaymentReceipt.check(receipt, jwks(service))) {
            case ReceiptCheck.Good _ -> "good";
            case ReceiptCheck.Bad bad -> bad.step();
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 6, 7, 199})
    void a_receipt_holds_offline_whatever_the_size_of_its_batch(int others) {
        for (boolean hold : List.of(false, true)) {
            ReceiptCheck.Good good = assertInstanceOf(
                    ReceiptCheck.Good.class, PaymentReceipt.check(receipt(hold, others), jwks(service)));

            assertEquals(500, good.amount());
            assertEquals(31337, good.chainId());
        }
        assertTrue(PaymentReceipt.isReceipt(receipt(true, others)));
        assertFalse(PaymentReceipt.isReceipt("%PDF-1.7"));
        assertFalse(PaymentReceipt.isReceipt("{\"entry\": 1}"));
    }

    @Test
    void every_altered_byte_of_a_receipt_is_refused() {
        for (boolean hold : List.of(false, true)) {
            String good = receipt(hold, 5);
            assertEquals("good", step(good));
            // all that carries anything: the statement, the signatures, the path's hashes, the numbers
            // a payment's members are a hold's: of it a sample is enough
            int step = hold ? 1 : 9;
            for (int i = good.indexOf("\"statement\":\"") + 13; i < good.length() - 1; i += step) {
                char c = good.charAt(i);
                if (ALPHABET.indexOf(c) < 0 || good.charAt(i + 1) == ':' || !isValue(good, i)) {
                    continue;
                }
                char altered = Character.isDigit(c) ? (char) ('0' + (c - '0' + 1) % 10) : c == 'b' ? 'c' : 'b';
                String bad = good.substring(0, i) + altered + good.substring(i + 1);

                assertFalse(step(bad).equals("good"), () -> "altered unseen: " + bad);
            }
        }
    }

    /** Whether a character belongs to a value, not to a member's name. */
    private static boolean isValue(String json, int at) {
        int quote = json.indexOf('"', at);
        return quote < 0 || quote + 1 >= json.length() || json.charAt(quote + 1) != ':';
    }

    @Test
    void each_part_that_is_exchanged_is_refused_for_what_it_is() {
        String good = receipt(true, 4);
        String another = receipt(true, 4);
        String payment = receipt(false, 4);

        assertEquals("statement", step(exchange(good, another, "statement", 2)));
        assertEquals("payer", step(exchange(good, another, "payer_signature", -1)));
        assertEquals("capture", step(exchange(good, another, "capture_signature", -1)));
        assertEquals("payer", step(exchange(payment, another, "payer_signature", -1)));
        assertEquals("batch", step(good.replaceAll("\"size\":5", "\"size\":6")));
        assertEquals("batch", step(good.replaceAll("\"path\":\\[[^,\\]]*,?", "\"path\":[")));
        assertEquals("form", step(good.replace("\"madang_receipt\":1", "\"madang_receipt\":2")));
        assertEquals("form", step(good.replace("\"batch\"", "\"more\":1,\"batch\"")));
        assertEquals("form", step(good + "{}"));
        assertEquals("form", step("[]"));
        assertEquals("form", step(""));
        assertEquals("statement", ((ReceiptCheck.Bad) PaymentReceipt.check(good, jwks(new Wallet()))).step());
        assertEquals("statement", ((ReceiptCheck.Bad) PaymentReceipt.check(good, "{\"keys\":[]}")).step());
    }

    /** One member of a receipt in another's place; of the statement one of its three parts. */
    private static String exchange(String into, String from, String member, int part) {
        String mine = value(into, member);
        String theirs = value(from, member);
        if (part < 0) {
            return into.replace(mine, theirs);
        }
        String[] parts = mine.split("\\.");
        parts[part] = theirs.split("\\.")[part];
        return into.replace(mine, String.join(".", parts));
    }

    private static String value(String json, String member) {
        int begin = json.indexOf("\"" + member + "\":\"") + member.length() + 4;
        return json.substring(begin, json.indexOf('"', begin));
    }

    @Test
    void what_a_node_says_otherwise_is_told() {
        ReceiptCheck.Good good =
                assertInstanceOf(ReceiptCheck.Good.class, PaymentReceipt.check(receipt(false, 0), jwks(service)));
        Outcome.Settled event = new Outcome.Settled(good.authorisation(), good.from(), good.to(), 500, good.billHash());
        Outcome.Settled less = new Outcome.Settled(good.authorisation(), good.from(), good.to(), 499, good.billHash());

        assertEquals(Optional.empty(), good.differsFrom(transaction(good, event, 3, 9)));
        assertTrue(good.differsFrom(transaction(good, less, 3, 9)).isPresent());
        assertTrue(good.differsFrom(transaction(good, event, 4, 9)).isPresent());
        assertTrue(good.differsFrom(transaction(good, event, 3, 10)).isPresent());
        assertTrue(good.differsFrom(transaction(good, other(), 3, 9)).isPresent());
    }

    private static SettledTransaction transaction(
            ReceiptCheck.Good good, Outcome.Settled event, long logIndex, long block) {
        return new SettledTransaction(
                good.transactionHash().hex(),
                block,
                good.blockHash().hex(),
                List.of(new SettledTransaction.SettledEvent(event, logIndex)));
    }

    @Test
    void the_tree_is_that_of_rfc_6962() {
        Random random = new Random(20261126);
        for (int size = 1; size <= 40; size++) {
            List<Outcome.Settled> settled =
                    IntStream.range(0, size).mapToObj(i -> other()).toList();
            SettledTree tree = new SettledTree(settled);
            for (Outcome.Settled one : settled) {
                SettledTree.Path path = tree.path(one.authorisation()).orElseThrow();
                Bytes32 leaf = SettledTree.leafHash(one);

                assertEquals(Optional.of(tree.root()), SettledTree.rootOf(leaf, path));
                long elsewhere = random.nextInt(size);
                if (elsewhere != path.index()) {
                    assertFalse(SettledTree.rootOf(leaf, new SettledTree.Path(elsewhere, size, path.hashes()))
                            .equals(Optional.of(tree.root())));
                }
                List<Bytes32> longer = new ArrayList<>(path.hashes());
                longer.add(TestKeys.random());
                assertEquals(
                        Optional.empty(), SettledTree.rootOf(leaf, new SettledTree.Path(path.index(), size, longer)));
            }
            assertTrue(tree.path(TestKeys.random()).isEmpty());
        }
    }
}
