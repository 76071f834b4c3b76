package city.madang.identity.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.types.Format;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgencyRightsTest {

    private static final String RESIDENCY = "https://city.example/identity/vct/residency";
    private static final String PERMIT = "https://city.example/identity/vct/permit";
    private static final String CITIZEN = "city.madang.citizen.1";

    private static final String TEXTS =
            "\"purpose\": {\"ko\": \"주차\", \"en\": \"parking\"}, \"legal_basis\": {\"ko\": \"법\", \"en\": \"law\"}";

    /** Street and district of residency, all of address but of one lines[0], and one element of an mdoc. */
    private static AgencyRights rights() throws Malformed {
        return RightsJson.stored(
                true,
                "[]",
                """
                [{"format": "dc+sd-jwt", "meta": {"vct_values": ["%s"]}, "claims": [{"path": ["street_address"]},
                   {"path": ["address", "street"]}, {"path": ["lines", 0]}, {"path": ["degrees", null, "type"]}], %s},
                 {"format": "mso_mdoc", "meta": {"doctype_value": "%s"}, "claims": [{"path": ["%s", "family_name"]}], %s}]"""
                        .formatted(RESIDENCY, TEXTS, CITIZEN, CITIZEN, TEXTS));
    }

    private static List<String> over(String query) throws Malformed {
        return rights().over(DcqlQuery.parse(StrictJson.object(query)), Set.of(new TypeRef(Format.SD_JWT_VC, PERMIT)));
    }

    private static String sdJwt(String vcts, String rest) {
        return "{\"id\": \"a\", \"format\": \"dc+sd-jwt\", \"meta\": {\"vct_values\": [" + vcts + "]}" + rest + "}";
    }

    private static String residency(String claims) {
        return "{\"credentials\": [" + sdJwt("\"" + RESIDENCY + "\"", ", \"claims\": [" + claims + "]") + "]}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"path\": [\"street_address\"]}",
                "{\"path\": [\"street_address\"], \"values\": [\"마당로 1\"]}",
                "{\"path\": [\"street_address\", \"number\"]}",
                "{\"path\": [\"address\", \"street\"]}",
                "{\"path\": [\"lines\", 0]}",
                "{\"path\": [\"degrees\", null, \"type\"]}",
                "{\"path\": [\"degrees\", 3, \"type\"]}"
            })
    void what_was_granted_may_be_asked_and_what_lies_within(String claim) throws Malformed {
        assertEquals(List.of(), over(residency(claim)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"path\": [\"family_name\"]}",
                "{\"path\": [\"Street_address\"]}",
                "{\"path\": [\"street_address \"]}",
                "{\"path\": [\"address\"]}",
                "{\"path\": [\"address\", null]}",
                "{\"path\": [\"address\", \"city\"]}",
                "{\"path\": [\"lines\"]}",
                "{\"path\": [\"lines\", null]}",
                "{\"path\": [\"lines\", 1]}",
                "{\"path\": [\"degrees\"]}",
                "{\"path\": [\"degrees\", null]}",
                "{\"path\": [\"degrees\", \"x\", \"type\"]}",
                "{\"path\": [\"street_address\"]}, {\"path\": [\"birthdate\"]}"
            })
    void nothing_wider_may_be_asked_by_prefix_wildcard_position_or_spelling(String claims) throws Malformed {
        assertEquals(1, over(residency(claims)).size());
    }

    @Test
    void every_alternative_and_every_type_that_may_be_given_instead_counts() throws Malformed {
        String hidden =
                """
                {"credentials": [
                   {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["%s"]},
                    "claims": [{"id": "x", "path": ["street_address"]}, {"id": "y", "path": ["birthdate"]}], "claim_sets": [["x"], ["y"]]},
                   {"id": "b", "format": "dc+sd-jwt", "meta": {"vct_values": ["%s", "https://other.example/health"]}},
                   {"id": "c", "format": "mso_mdoc", "meta": {"doctype_value": "%s"},
                    "claims": [{"path": ["%s", "family_name"]}, {"path": ["%s", "birthdate"]}, {"path": ["other.ns", "family_name"]}]}],
                 "credential_sets": [{"options": [["a"], ["b"]]}, {"options": [["c"]], "required": false}]}"""
                        .formatted(RESIDENCY, RESIDENCY, CITIZEN, CITIZEN, CITIZEN);
        assertEquals(
                List.of(
                        "a: " + RESIDENCY + " [birthdate]",
                        "b: https://other.example/health",
                        "c: " + CITIZEN + " [" + CITIZEN + ", birthdate]",
                        "c: " + CITIZEN + " [other.ns, family_name]"),
                over(hidden));
    }

    @Test
    void a_query_without_claims_needs_a_right_to_the_type_and_no_more() throws Malformed {
        assertEquals(List.of(), over("{\"credentials\": [" + sdJwt("\"" + RESIDENCY + "\"", "") + "]}"));
        assertEquals(
                1,
                over("{\"credentials\": [" + sdJwt("\"https://other.example/x\"", "") + "]}")
                        .size());
    }

    @Test
    void a_right_in_one_format_is_none_in_the_other() throws Malformed {
        assertEquals(
                1,
                over("{\"credentials\": [{\"id\": \"a\", \"format\": \"mso_mdoc\", \"meta\": {\"doctype_value\": \""
                                + RESIDENCY + "\"}}]}")
                        .size());
        assertEquals(
                1,
                over("{\"credentials\": [" + sdJwt("\"" + CITIZEN + "\"", "") + "]}")
                        .size());
    }

    @Test
    void own_types_are_free_until_the_registrar_says_otherwise() throws Malformed {
        DcqlQuery own = DcqlQuery.parse(StrictJson.object(
                "{\"credentials\": [" + sdJwt("\"" + PERMIT + "\"", ", \"claims\": [{\"path\": [\"plate\"]}]") + "]}"));
        Set<TypeRef> owned = Set.of(new TypeRef(Format.SD_JWT_VC, PERMIT));
        assertEquals(List.of(), AgencyRights.DEFAULT.over(own, owned));
        assertEquals(1, AgencyRights.DEFAULT.over(own, Set.of()).size());
        AgencyRights restricted = new AgencyRights(false, List.of(), List.of());
        assertEquals(1, restricted.over(own, owned).size());
        assertFalse(restricted.mayIssue(new TypeRef(Format.SD_JWT_VC, PERMIT), true));
        assertTrue(AgencyRights.DEFAULT.mayIssue(new TypeRef(Format.SD_JWT_VC, PERMIT), true));
        assertFalse(AgencyRights.DEFAULT.mayIssue(new TypeRef(Format.SD_JWT_VC, RESIDENCY), false));
    }

    @Test
    void rights_are_read_strictly_and_written_as_they_were_read() throws Malformed {
        AgencyRights rights = rights();
        assertEquals(
                rights,
                RightsJson.stored(
                        true, StrictJson.write(RightsJson.issues(rights)), StrictJson.write(RightsJson.asks(rights))));
        String good =
                "{\"format\": \"dc+sd-jwt\", \"meta\": {\"vct_values\": [\"a\"]}, \"claims\": [{\"path\": [\"b\"]}], "
                        + TEXTS + "}";
        assertEquals(1, RightsJson.asks(StrictJson.array("[" + good + "]")).size());
        for (String bad : Arrays.asList(
                good.replace("dc+sd-jwt", "jwt_vc"),
                good.replace("[\"a\"]", "[\"a\", \"b\"]"),
                good.replace("\"a\"", "\" \""),
                good.replace("[\"b\"]", "[]"),
                good.replace("[\"b\"]", "[null]"),
                good.replace("[\"b\"]", "[\"b\", -1]"),
                good.replace("[\"b\"]", "[\"b\", 1.5]"),
                good.replace("[{\"path\": [\"b\"]}]", "{}"),
                good.replace("\"en\": \"law\"", "\"en\": \"\""),
                good.replace("purpose", "reason"))) {
            assertThrows(Malformed.class, () -> RightsJson.asks(StrictJson.array("[" + bad + "]")), bad);
        }
    }
}
