package city.madang.identity;

import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import io.restassured.common.mapper.TypeRef;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** What agencies, officers and citizens do in these tests, with their real tokens. */
final class TestCity {

    private TestCity() {}

    static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    static RequestSpecification agency(String name) {
        return as(TestTokens.client(name));
    }

    static RequestSpecification citizen(String name) {
        return as(TestTokens.user(name));
    }

    /** What transport may ask for in these tests: as in the city, where residents park. */
    static final Map<String, Object> PARKING_RIGHTS = Map.of(
            "asks",
            List.of(
                    ask(
                            "dc+sd-jwt",
                            TestWallet.ISSUER + "/vct/residency",
                            List.of("street_address"),
                            List.of("district")),
                    ask(
                            "mso_mdoc",
                            "city.madang.residency.1",
                            List.of("city.madang.residency.1", "street_address"),
                            List.of("city.madang.residency.1", "district"))));

    @SafeVarargs
    static Map<String, Object> ask(String format, String type, List<?>... paths) {
        return Map.of(
                "format",
                format,
                "meta",
                format.equals("mso_mdoc") ? Map.of("doctype_value", type) : Map.of("vct_values", List.of(type)),
                "claims",
                java.util.Arrays.stream(paths).map(path -> Map.of("path", path)).toList(),
                "purpose",
                Map.of("ko", "거주자 우선 주차", "en", "Resident parking"),
                "legal_basis",
                Map.of("ko", "주차장법 제10조", "en", "Parking Lot Act, article 10"));
    }

    static void rights(String agency, Map<String, ?> rights) {
        as(TestTokens.user("officer.cityhall"))
                .body(rights)
                .put("/identity/agencies/" + agency + "/rights")
                .then()
                .statusCode(200);
    }

    /** Transport also gets the rights that it has in the city. */
    static void register(String agency) {
        enter(agency);
        if (agency.equals("transport")) {
            rights(agency, PARKING_RIGHTS);
        }
    }

    static void enter(String agency) {
        as(TestTokens.user("officer.cityhall"))
                .body(Map.of("name", Map.of("ko", agency + " 기관", "en", "The agency " + agency)))
                .put("/identity/agencies/" + agency)
                .then()
                .statusCode(org.hamcrest.Matchers.oneOf(200, 201));
    }

    /** Makes an offer; gives what its holder sees. */
    static Map<String, Object> offer(String agency, String type, String holder, Map<String, ?> claims) {
        String id = agency(agency)
                .body(Map.of(
                        "credential_configuration_id", type,
                        "holder", TestTokens.subject(holder),
                        "claims", claims))
                .post("/identity/credential-offers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return citizen(holder)
                .get("/identity/credential-offers/" + id)
                .then()
                .statusCode(200)
                .extract()
                .as(new TypeRef<>() {});
    }
}
