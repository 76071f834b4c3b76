package city.madang.identity.dcql;

import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Queries and answers, seeded and random: read or refused, soon; and whatever is taken was asked for. */
class MutatedQueryTest {

    private static final int ROUNDS = 4000;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    private final Random random = new Random(20_261_125);

    private static final String QUERY =
            """
            {"credentials": [
              {"id": "one", "format": "dc+sd-jwt", "multiple": true, "meta": {"vct_values": ["t"]},
               "trusted_authorities": [{"type": "aki", "values": ["AAAA"]}],
               "claims": [{"id": "x", "path": ["a"]}, {"id": "y", "path": ["b", null, "c"], "values": ["v", 1, true]}],
               "claim_sets": [["x", "y"], ["x"]]},
              {"id": "two", "format": "mso_mdoc", "require_cryptographic_holder_binding": true,
               "meta": {"doctype_value": "d"}, "claims": [{"path": ["n", "e"], "intent_to_retain": false}]}],
             "credential_sets": [{"options": [["one", "two"], ["one"]], "required": false}]}""";

    /** A copy in which one member somewhere is gone, other, or of another kind. */
    private Object mutated(Object json, int chance) {
        if (random.nextInt(chance) == 0) {
            return nonsense(2);
        }
        return switch (json) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((name, value) -> {
                    if (random.nextInt(chance) != 0) {
                        copy.put(String.valueOf(name), mutated(value, chance));
                    }
                });
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(each -> {
                    copy.add(mutated(each, chance));
                    if (random.nextInt(chance) == 0) {
                        copy.add(each);
                    }
                });
                yield copy;
            }
            case null, default -> json;
        };
    }

    private Object nonsense(int deeper) {
        return switch (random.nextInt(deeper == 0 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> random.nextInt();
            case 2 -> random.nextDouble();
            case 3 -> random.nextBoolean();
            case 4 -> "";
            case 5 -> NAMES.get(random.nextInt(4));
            case 6 -> new ArrayList<>(java.util.Arrays.asList(nonsense(deeper - 1), nonsense(deeper - 1)));
            default -> new LinkedHashMap<>(java.util.Collections.singletonMap("id", nonsense(deeper - 1)));
        };
    }

    @Test
    void a_mutated_query_is_understood_or_refused() throws Exception {
        Map<String, Object> query = StrictJson.object(QUERY);
        int understood = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (!(mutated(query, 3 + random.nextInt(60)) instanceof Map<?, ?> mutant)) {
                continue;
            }
            Map<String, Object> json = new LinkedHashMap<>();
            mutant.forEach((name, value) -> json.put(String.valueOf(name), value));
            try {
                DcqlQuery parsed = DcqlQuery.parse(json);
                understood++;
                parsed.take(Map.of());
            } catch (Malformed refused) {
                assertTrue(refused.getMessage().length() < 200);
            }
        }
        assertTrue(understood > ROUNDS / 20, understood + " understood");
    }

    private Object value(int deeper) {
        return switch (random.nextInt(deeper == 0 ? 2 : 4)) {
            case 0 -> "v" + random.nextInt(3);
            case 1 -> random.nextInt(3);
            case 2 -> new ArrayList<>(List.of(value(deeper - 1), value(deeper - 1)));
            default -> object(deeper - 1);
        };
    }

    private Map<String, Object> object(int deeper) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            map.put(NAMES.get(random.nextInt(4)), value(deeper));
        }
        return map;
    }

    private List<Object> path() {
        List<Object> path = new ArrayList<>();
        path.add(NAMES.get(random.nextInt(4)));
        for (int i = random.nextInt(3); i > 0; i--) {
            path.add(
                    random.nextInt(4) == 0
                            ? null
                            : random.nextInt(3) == 0 ? (Object) random.nextInt(3) : NAMES.get(random.nextInt(4)));
        }
        return path;
    }

    /** Where values stand in JSON, down to the leaves; arrays as {@link Integer#MAX_VALUE}, since elements move up. */
    private static void leaves(Object json, List<Object> at, List<List<Object>> found) {
        switch (json) {
            case Map<?, ?> map
            when !map.isEmpty() -> map.forEach((name, value) -> leaves(value, longer(at, name), found));
            case List<?> list
            when !list.isEmpty() -> list.forEach(value -> leaves(value, longer(at, Integer.MAX_VALUE), found));
            case null, default -> found.add(at);
        }
    }

    private static List<Object> longer(List<Object> path, Object step) {
        List<Object> all = new ArrayList<>(path);
        all.add(step);
        return all;
    }

    private static boolean isAskedFor(List<Object> leaf, List<List<Object>> asked) {
        return asked.stream().anyMatch(path -> {
            for (int i = 0; i < Math.min(path.size(), leaf.size()); i++) {
                boolean element = leaf.get(i).equals(Integer.MAX_VALUE);
                Object step = path.get(i);
                if (element ? step instanceof String : !leaf.get(i).equals(step)) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void whatever_is_taken_was_asked_for() throws Exception {
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<List<Object>> asked = new ArrayList<>();
            List<Map<String, Object>> claims = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                List<Object> path = path();
                if (!asked.contains(path)) {
                    asked.add(path);
                    claims.add(Map.of("path", path));
                }
            }
            DcqlQuery query = DcqlQuery.parse(Map.of(
                    "credentials",
                    List.of(Map.of(
                            "id",
                            "one",
                            "format",
                            "dc+sd-jwt",
                            "meta",
                            Map.of("vct_values", List.of("t")),
                            "claims",
                            claims))));
            Map<String, Object> shown = object(2);
            try {
                Map<String, Object> result = query.take(Map.of(
                        "one",
                        List.of(new PresentedCredential(
                                PresentationFormat.SD_JWT_VC, "t", shown, List.of(), Set.of(), true))));
                taken++;
                List<List<Object>> told = new ArrayList<>();
                leaves(result.get("one"), List.of(), told);
                for (List<Object> leaf : told) {
                    assertTrue(isAskedFor(leaf, asked), () -> leaf + " of " + shown + " asked " + asked);
                }
            } catch (Malformed missing) {
                assertTrue(missing.getMessage().length() < 200);
            }
        }
        assertTrue(taken > ROUNDS / 20, taken + " taken");
    }
}
