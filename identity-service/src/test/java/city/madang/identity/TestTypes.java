package city.madang.identity;

import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Credential types that agencies declare in these tests, each with an id of its own. */
final class TestTypes {

    private TestTypes() {}

    static String id(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A declaration in the long form with the claims {@code name} (mandatory) and {@code since}. */
    static Map<String, Object> sdJwt(String id) {
        Map<String, Object> declaration = common();
        declaration.put("vct_name", id);
        declaration.put(
                "claims",
                List.of(
                        Map.of("path", List.of("name"), "mandatory", true, "display", label("Name")),
                        Map.of("path", List.of("since"), "display", label("Since"))));
        return declaration;
    }

    /** The same as an mdoc, whose elements stand in the name space of its doctype. */
    static Map<String, Object> mdoc(String id) {
        String doctype = "city.madang.test." + id;
        Map<String, Object> declaration = common();
        declaration.put("format", "mso_mdoc");
        declaration.put("doctype", doctype);
        declaration.put(
                "claims",
                List.of(
                        Map.of("path", List.of(doctype, "name"), "mandatory", true, "display", label("Name")),
                        Map.of("path", List.of(doctype, "since"), "display", label("Since"))));
        return declaration;
    }

    private static Map<String, Object> common() {
        Map<String, Object> declaration = new LinkedHashMap<>();
        declaration.put(
                "display", List.of(Map.of("name", "시험", "locale", "ko"), Map.of("name", "Test", "locale", "en-GB")));
        declaration.put("validity_days", 30);
        return declaration;
    }

    private static List<Map<String, Object>> label(String name) {
        return List.of(Map.of("name", name, "locale", "en-GB"));
    }

    static Response put(String agency, String id, Map<String, Object> declaration) {
        return TestCity.agency(agency).body(declaration).put("/identity/credential-types/" + id);
    }

    /** Declares a type of city-hall with changes, given as pairs of member and value; gives its id. */
    static String declare(String prefix, boolean mdoc, Object... changes) {
        String id = id(prefix);
        Map<String, Object> declaration = mdoc ? mdoc(id) : sdJwt(id);
        for (int i = 0; i < changes.length; i += 2) {
            declaration.put((String) changes[i], changes[i + 1]);
        }
        put("city-hall", id, declaration).then().statusCode(200);
        return id;
    }

    static Map<String, Object> offer(String type) {
        return TestCity.offer("city-hall", type, "minji", Map.of("name", "민지", "since", "2020-02-29"));
    }
}
