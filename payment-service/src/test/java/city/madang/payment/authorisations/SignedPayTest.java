package city.madang.payment.authorisations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;

/** The quick look at a body lets nothing through that the validator would refuse, and nothing less. */
class SignedPayTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String HASH = "0x" + "0123456789abcdef".repeat(4);
    private static final String SIGNATURE = "Aa0-_".repeat(17) + "A";
    private static final Map<String, List<JsonNode>> VALUES = values();

    private static List<JsonNode> texts(String... texts) {
        return Stream.of(texts).<JsonNode>map(JSON::textNode).toList();
    }

    private static List<JsonNode> numbers(long... numbers) {
        List<JsonNode> all = new ArrayList<>();
        for (long number : numbers) {
            all.add(JSON.numberNode(number));
        }
        return all;
    }

    /** For each member values on both sides of what its constraints allow; the first is allowed. */
    private static Map<String, List<JsonNode>> values() {
        List<JsonNode> hashes = texts(
                HASH,
                "0x" + "0".repeat(64),
                "",
                "0x",
                HASH + "0",
                HASH.substring(0, 65),
                HASH.toUpperCase(java.util.Locale.ROOT),
                HASH.replace("f", "F"),
                HASH.replace("f", "g"),
                "1" + HASH.substring(1),
                HASH + "\n",
                "\n" + HASH.substring(1),
                HASH.replace("9", "٩"),
                HASH.replace("0", "/"),
                HASH.replace("0", ":"),
                HASH.replace("a", "`"));
        List<JsonNode> seconds = numbers(1, 0, -1, 1L << 40, (1L << 40) + 1, Long.MAX_VALUE, Long.MIN_VALUE);
        Map<String, List<JsonNode>> values = new LinkedHashMap<>();
        values.put("from", hashes);
        values.put("keyVersion", numbers(1, 0, -1, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Long.MIN_VALUE));
        values.put("to", hashes);
        values.put("amount", numbers(1, 0, -1));
        values.put("currency", texts("KRW", "", "KRWW"));
        values.put("billHash", hashes);
        values.put(
                "nonce",
                texts("7", "0", "", "00", "07", "-1", "+1", "1a", "٣", " 1", "1\n", "9".repeat(78), "9".repeat(79)));
        values.put("validAfter", seconds);
        values.put("validBefore", seconds);
        values.put(
                "signature",
                texts(
                        SIGNATURE,
                        "",
                        SIGNATURE + "A",
                        SIGNATURE.substring(1),
                        SIGNATURE.replace('-', '+'),
                        SIGNATURE.replace('_', '/'),
                        SIGNATURE.replace('0', '='),
                        SIGNATURE.replace('A', '@'),
                        SIGNATURE.replace('A', '['),
                        SIGNATURE.replace('a', '{'),
                        SIGNATURE.replace('a', 'é'),
                        SIGNATURE.substring(0, 85) + "\n"));
        values.put("instalmentOf", hashes);
        values.put("refundOf", hashes);
        values.put("capturer", hashes);
        values.put("holdUntil", seconds);
        return values;
    }

    private static ObjectNode good() {
        ObjectNode body = JSON.objectNode();
        VALUES.forEach((member, values) -> body.set(member, values.getFirst()));
        return body;
    }

    private static boolean agree(Validator validator, ObjectNode body) throws JsonProcessingException {
        SignedPay signed = MAPPER.treeToValue(body, SignedPay.class);
        boolean wellFormed = validator.validate(signed).isEmpty();
        assertEquals(wellFormed, signed.keepsConstraints(), body::toString);
        return wellFormed;
    }

    @Test
    void the_quick_look_says_what_the_validator_says() throws JsonProcessingException {
        try (ValidatorFactory factory = Validation.byDefaultProvider()
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator())
                .buildValidatorFactory()) {
            Validator validator = factory.getValidator();
            assertTrue(agree(validator, good()));
            for (String member : VALUES.keySet()) {
                for (JsonNode value : VALUES.get(member)) {
                    agree(validator, good().set(member, value));
                }
                ObjectNode without = good();
                without.remove(member);
                agree(validator, without);
            }
            Random random = new Random(11);
            int wellFormed = 0;
            for (int i = 0; i < 20_000; i++) {
                ObjectNode body = good();
                for (int changed = random.nextInt(1, 4); changed > 0; changed--) {
                    String member = List.copyOf(VALUES.keySet()).get(random.nextInt(VALUES.size()));
                    body.set(member, mutated(VALUES.get(member).getFirst(), random));
                }
                wellFormed += agree(validator, body) ? 1 : 0;
            }
            assertTrue(wellFormed > 1_000 && wellFormed < 19_000, "of both kinds: " + wellFormed);
        }
    }

    /** A number anywhere, or a text with one character replaced, added or taken away. */
    private static JsonNode mutated(JsonNode value, Random random) {
        if (value.isNumber()) {
            return JSON.numberNode(random.nextLong() >> random.nextInt(64));
        }
        StringBuilder text = new StringBuilder(value.asText());
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(0x100));
            case 1 -> text.insert(at, (char) random.nextInt('0', 'h'));
            case 2 -> text.deleteCharAt(at);
            default -> text.setCharAt(at, "0123456789".charAt(random.nextInt(10)));
        }
        return JSON.textNode(text.toString());
    }
}
