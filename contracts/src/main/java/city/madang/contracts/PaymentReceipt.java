package city.madang.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks a payment receipt offline: {@code {"madang_receipt": 1, "statement": <compact JWS>, "payer_signature",
 * "capture_signature"?, "batch": {"index", "size", "path"}}}. It holds when the service's key signed the statement (RFC 7515,
 * ES256), the payer's key signed the very authorisation of which it speaks, of a hold the capturer's key signed the amount, and the
 * payment is in the tree over what its transaction settled. Needs the service's published keys and no network.
 */
public final class PaymentReceipt {

    /** Longest receipt that is read, in characters: one has some four thousand. */
    public static final int LENGTH_MAX = 65_536;

    /** {@code typ} of the statement. */
    public static final String TYPE = "madang-receipt+jwt";

    /** The most hashes that a path may have: far more than a transaction has room for. */
    private static final int PATH_MAX = 32;

    private static final Set<String> MEMBERS =
            Set.of("madang_receipt", "statement", "payer_signature", "capture_signature", "batch");
    private static final Set<String> BATCH = Set.of("index", "size", "path");
    private static final Set<String> HEADER = Set.of("typ", "alg", "kid");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PaymentReceipt() {}

    /** What is wrong, thrown and caught here. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final String step;

        Wrong(String step, String why) {
            super(why);
            this.step = step;
        }
    }

    /** Whether a text is meant to be a receipt, good or not. */
    public static boolean isReceipt(String text) {
        try {
            return text.length() <= LENGTH_MAX && JSON.readTree(text).has("madang_receipt");
        } catch (JacksonException noJson) {
            return false;
        }
    }

    /**
     * Checks a receipt.
     *
     * @param text the receipt
     * @param jwks the service's keys (RFC 7517), as {@code GET /payment/jwks} gives them, had beforehand from a source that is trusted
     */
    public static ReceiptCheck check(String text, String jwks) {
        try {
            return checked(text, jwks);
        } catch (Wrong wrong) {
            return new ReceiptCheck.Bad(wrong.step, String.valueOf(wrong.getMessage()));
        } catch (JacksonException | IllegalArgumentException | ArithmeticException malformed) {
            return new ReceiptCheck.Bad(
                    "form", "not a receipt: " + malformed.getClass().getSimpleName());
        }
    }

    private static ReceiptCheck.Good checked(String text, String jwks) throws Wrong {
        if (text.length() > LENGTH_MAX) {
            throw new Wrong("form", "too long");
        }
        JsonNode receipt = JSON.readTree(text);
        requireMembers(receipt, MEMBERS);
        if (!receipt.path("madang_receipt").isInt()
                || receipt.path("madang_receipt").intValue() != 1) {
            throw new Wrong("form", "not of version 1");
        }
        JsonNode claims = statement(string(receipt, "statement"), JSON.readTree(jwks));
        Bytes32 separator = new LedgerDomain(BigInteger.valueOf(number(claims, "chain_id")), string(claims, "contract"))
                .separator();
        Bytes32 id = word(claims, "authorisation");
        long amount = number(claims, "amount");
        byte[] message = message(claims, separator, amount);
        if (!LedgerDomain.sha256(message).equals(id)) {
            throw new Wrong("authorisation", "the statement's members are not the authorisation's that it names");
        }
        if (!point(claims, "from_key").verifies(message, bytes(receipt, "payer_signature"))) {
            throw new Wrong("payer", "the payer's key has not signed this authorisation");
        }
        checkCapture(receipt, claims, separator, id, amount);
        Outcome.Settled settled =
                new Outcome.Settled(id, word(claims, "from"), word(claims, "to"), amount, word(claims, "bill_hash"));
        Bytes32 root = word(claims, "settled_root");
        checkBatch(receipt.path("batch"), claims, settled, root);
        return new ReceiptCheck.Good(
                id,
                settled.from(),
                settled.to(),
                amount,
                settled.billHash(),
                string(claims, "iss"),
                number(claims, "chain_id"),
                string(claims, "contract"),
                word(claims, "transaction_hash"),
                number(claims, "block_number"),
                word(claims, "block_hash"),
                number(claims, "log_index"),
                root);
    }

    /** The statement's claims, once a published key has signed them. */
    private static JsonNode statement(String compact, JsonNode jwks) throws Wrong {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw new Wrong("statement", "not a compact JWS");
        }
        JsonNode header = JSON.readTree(new String(decoded(parts[0]), UTF_8));
        requireMembers(header, HEADER);
        if (!string(header, "typ").equals(TYPE) || !string(header, "alg").equals("ES256")) {
            throw new Wrong("statement", "not an ES256 statement of type " + TYPE);
        }
        P256Point key = key(jwks, string(header, "kid"));
        if (!key.verifies((parts[0] + "." + parts[1]).getBytes(US_ASCII), decoded(parts[2]))) {
            throw new Wrong("statement", "the signature is not the service's");
        }
        return JSON.readTree(new String(decoded(parts[1]), UTF_8));
    }

    private static P256Point key(JsonNode jwks, String kid) throws Wrong {
        for (JsonNode key : jwks.path("keys")) {
            if (key.path("kid").asString("").equals(kid)
                    && key.path("kty").asString("").equals("EC")
                    && key.path("crv").asString("").equals("P-256")) {
                return new P256Point(Bytes32.of(decoded(string(key, "x"))), Bytes32.of(decoded(string(key, "y"))));
            }
        }
        throw new Wrong("statement", "no published key of this id");
    }

    private static byte[] message(JsonNode claims, Bytes32 separator, long amount) throws Wrong {
        PayAuthorisation pay = new PayAuthorisation(
                word(claims, "from"),
                number(claims, "key_version"),
                word(claims, "to"),
                claims.has("max_amount") ? number(claims, "max_amount") : amount,
                word(claims, "bill_hash"),
                new BigInteger(string(claims, "nonce")),
                number(claims, "valid_after"),
                number(claims, "valid_before"));
        if (!claims.has("capturer")) {
            return pay.message(separator);
        }
        return new HoldAuthorisation(
                        pay.from(),
                        pay.keyVersion(),
                        pay.to(),
                        word(claims, "capturer"),
                        pay.amount(),
                        pay.billHash(),
                        pay.nonce(),
                        pay.validAfter(),
                        pay.validBefore())
                .message(separator);
    }

    private static void checkCapture(JsonNode receipt, JsonNode claims, Bytes32 separator, Bytes32 id, long amount)
            throws Wrong {
        if (!claims.has("capturer")) {
            if (receipt.has("capture_signature") || claims.has("max_amount")) {
                throw new Wrong("capture", "a payment is not captured");
            }
            return;
        }
        HoldCapture capture = new HoldCapture(id, number(claims, "capture_key_version"), amount);
        if (!point(claims, "capturer_key").verifies(capture.message(separator), bytes(receipt, "capture_signature"))) {
            throw new Wrong("capture", "the capturer's key has not signed this amount");
        }
        if (amount > number(claims, "max_amount")) {
            throw new Wrong("capture", "more than was held");
        }
    }

    private static void checkBatch(JsonNode batch, JsonNode claims, Outcome.Settled settled, Bytes32 root)
            throws Wrong {
        requireMembers(batch, BATCH);
        JsonNode hashes = batch.path("path");
        if (!hashes.isArray() || hashes.size() > PATH_MAX) {
            throw new Wrong("form", "no path");
        }
        List<Bytes32> path = new ArrayList<>();
        for (JsonNode hash : hashes) {
            path.add(new Bytes32(hash.asString("")));
        }
        if (number(batch, "size") != number(claims, "settled_size")) {
            throw new Wrong("batch", "the statement speaks of a batch of another size");
        }
        Optional<Bytes32> found = SettledTree.rootOf(
                SettledTree.leafHash(settled),
                new SettledTree.Path(number(batch, "index"), number(batch, "size"), path));
        if (!found.equals(Optional.of(root))) {
            throw new Wrong("batch", "the path does not lead from the payment to the batch's root");
        }
    }

    private static void requireMembers(JsonNode node, Set<String> allowed) throws Wrong {
        if (!node.isObject() || !allowed.containsAll(node.propertyNames())) {
            throw new Wrong("form", "other members than a receipt has");
        }
    }

    private static P256Point point(JsonNode claims, String member) throws Wrong {
        return new P256Point(word(claims.path(member), "x"), word(claims.path(member), "y"));
    }

    private static Bytes32 word(JsonNode node, String member) throws Wrong {
        return new Bytes32(string(node, member));
    }

    private static byte[] bytes(JsonNode node, String member) throws Wrong {
        return decoded(string(node, member));
    }

    /** base64url without padding, in the one form that each byte sequence has. */
    private static byte[] decoded(String text) throws Wrong {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
            throw new Wrong("form", "not base64url as it is written");
        }
        return bytes;
    }

    private static String string(JsonNode node, String member) throws Wrong {
        JsonNode value = node.path(member);
        if (!value.isString()) {
            throw new Wrong("form", member + " is missing");
        }
        return value.stringValue();
    }

    private static long number(JsonNode node, String member) throws Wrong {
        JsonNode value = node.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Wrong("form", member + " is missing");
        }
        return value.longValue();
    }
}
