package city.madang.identity.presentation.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutations, seeded: whatever is sent, the answer is a verdict and no exception, soon; and no one but the issuer adds to or changes
 * what is disclosed.
 */
class MutatedPresentationTest {

    private static final int ROUNDS = 3000;

    /** Generous, for a busy machine: a check takes about a millisecond. */
    private static final long LONGEST_MILLIS = 2000;

    private final Request request = new Request();
    private final Expected expected = request.expected();
    private final String residency = request.residency().text();
    private final byte[] card = decoded(request.presented(request.citizenCard()));
    private final Random random = new Random(20_261_125);

    private static byte[] decoded(String text) {
        try {
            return Base64Url.decode(text);
        } catch (city.madang.identity.jose.Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Verdict verdict(String first, String second) {
        long start = System.nanoTime();
        Verdict verdict = request.check(expected, request.answer(first, second));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < LONGEST_MILLIS, () -> millis + " ms");
        return verdict;
    }

    private final Map<String, Object> good =
            ((Verdict.Holds) request.check(expected, request.answer(residency, Base64Url.encode(card)))).credentials();

    /** One to three bytes changed, taken out, put in, repeated, or cut off. */
    private byte[] mutated(byte[] bytes) {
        byte[] now = bytes;
        for (int times = 1 + random.nextInt(3); times > 0 && now.length > 1; times--) {
            int at = random.nextInt(now.length);
            now = switch (random.nextInt(6)) {
                case 0, 1 -> {
                    byte[] changed = now.clone();
                    changed[at] ^= (byte) (1 << random.nextInt(8));
                    yield changed;
                }
                case 2 -> {
                    byte[] changed = now.clone();
                    changed[at] = (byte) random.nextInt(256);
                    yield changed;
                }
                case 3 -> joined(now, 0, at, now, at + 1, now.length);
                case 4 -> {
                    int from = random.nextInt(now.length);
                    yield joined(
                            joined(now, 0, at, now, from, Math.min(now.length, from + random.nextInt(40))),
                            0,
                            -1,
                            now,
                            at,
                            now.length);
                }
                default -> Arrays.copyOf(now, Math.max(1, at));
            };
        }
        return now;
    }

    private static byte[] joined(byte[] one, int from, int until, byte[] other, int otherFrom, int otherUntil) {
        int end = until < 0 ? one.length : until;
        byte[] all = new byte[end - from + otherUntil - otherFrom];
        System.arraycopy(one, from, all, 0, end - from);
        System.arraycopy(other, otherFrom, all, end - from, otherUntil - otherFrom);
        return all;
    }

    @Test
    void a_mutated_sd_jwt_never_holds() {
        String untouched = Base64Url.encode(card);
        byte[] text = residency.getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < ROUNDS; round++) {
            String mutant = new String(mutated(text), StandardCharsets.ISO_8859_1);
            if (!mutant.equals(residency)) {
                assertInstanceOf(Verdict.Fails.class, verdict(mutant, untouched), mutant);
            }
        }
    }

    @Test
    void a_mutated_device_response_holds_only_if_it_says_the_same() {
        int same = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutant = mutated(card);
            if (verdict(residency, Base64Url.encode(mutant)) instanceof Verdict.Holds holds) {
                assertEquals(good, holds.credentials());
                same++;
            }
        }
        // what nobody signs, such as a minor version or an error that the device reports
        assertTrue(same < ROUNDS / 20, same + " hold");
    }

    @Test
    void a_holder_who_signs_anew_can_only_leave_out() {
        Shown shown = request.residency();
        for (int round = 0; round < ROUNDS / 3; round++) {
            Shown mutant = request.residency();
            mutant.disclosures.clear();
            mutant.disclosures.addAll(shown.disclosures);
            int at = random.nextInt(mutant.disclosures.size());
            switch (random.nextInt(5)) {
                case 0 -> mutant.disclosures.remove(at);
                case 1 -> mutant.disclosures.add(mutant.disclosures.get(at));
                case 2 -> {
                    byte[] changed = mutated(decoded(mutant.disclosures.get(at)));
                    mutant.disclosures.set(at, Base64Url.encode(changed));
                }
                case 3 -> mutant.disclosures.add(Shown.disclosure("s", "district", "강남구"));
                default -> java.util.Collections.shuffle(mutant.disclosures, random);
            }
            // an issuer's signature that the holder has, and a binding of her own
            String unbound =
                    residency.substring(0, residency.indexOf('~') + 1) + String.join("~", mutant.disclosures) + "~";
            if (verdict(mutant.bound(unbound), Base64Url.encode(card)) instanceof Verdict.Holds holds) {
                Map<?, ?> told = (Map<?, ?>) holds.credentials().get("a");
                assertEquals("중구", told.get("district"));
                assertEquals(Map.of("street", "마당로 1"), told.get("address"));
                assertTrue(List.of("KR", "FR").containsAll((List<?>) told.get("nationalities")));
                assertEquals(3, told.size());
            }
        }
    }

    @Test
    void an_issuer_that_signs_nonsense_gets_a_refusal_and_nothing_worse() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            Shown mutant = request.residency();
            Map<String, Object> where = List.of(mutant.header, mutant.payload, mutant.bindingHeader, mutant.binding)
                    .get(random.nextInt(4));
            List<String> names = new ArrayList<>(where.keySet());
            String name = random.nextInt(5) == 0 ? "x" + round : names.get(random.nextInt(names.size()));
            where.put(name, nonsense(3));
            if (random.nextBoolean()) {
                Object value = nonsense(4);
                String disclosure = Shown.disclosure("salt" + round, "district", value);
                mutant.disclosures.add(disclosure);
            }
            verdict(mutant.text(), Base64Url.encode(card));
        }
    }

    /** Any JSON, also such as would mean something elsewhere. */
    private Object nonsense(int deeper) {
        return switch (random.nextInt(deeper == 0 ? 7 : 10)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble();
            case 3 -> random.nextBoolean();
            case 4 -> "";
            case 5 -> "x".repeat(random.nextInt(300));
            case 6 -> Request.VCT;
            case 7 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(nonsense(deeper - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                List<String> names = List.of("_sd", "...", "jwk", "kty", "x", "y", "crv", "_sd_alg", "a");
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(names.get(random.nextInt(names.size())), nonsense(deeper - 1));
                }
                yield map;
            }
        };
    }

    @Test
    void a_mutated_answer_is_read_or_refused() {
        byte[] json = StrictJson.write(request.answer(residency, Base64Url.encode(card)))
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < ROUNDS / 3; round++) {
            String mutant = new String(mutated(json), StandardCharsets.UTF_8);
            try {
                Verdict verdict = request.check(expected, StrictJson.object(mutant));
                if (verdict instanceof Verdict.Holds holds) {
                    assertEquals(good, holds.credentials());
                }
            } catch (city.madang.identity.jose.Malformed refused) {
                assertTrue(refused.getMessage().length() < 200);
            }
        }
    }
}
