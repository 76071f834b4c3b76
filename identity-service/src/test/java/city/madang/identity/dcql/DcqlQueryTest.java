package city.madang.identity.dcql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** OpenID4VP 1.0 clauses 6 and 7. */
class DcqlQueryTest {

    private static final String PERSON =
            """
            {"name":"민지","age":10000000000,"address":{"street":"마당로 1","district":"중구"},
             "degrees":[{"type":"BSc","year":2001},{"type":"MSc","year":2004}],"nationalities":["KR","FR"]}""";

    private static @Nullable Object take(String claims, List<List<Object>> disclosed) throws Malformed {
        DcqlQuery query = DcqlQuery.parse(StrictJson.object(
                "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]},\"claims\":"
                        + claims + "}]}"));
        return query.take(Map.of("a", List.of(person("v", disclosed)))).get("a");
    }

    private static PresentedCredential person(String vct, List<List<Object>> disclosed) throws Malformed {
        return new PresentedCredential(
                PresentationFormat.SD_JWT_VC, vct, StrictJson.object(PERSON), disclosed, Set.of("a2V5"), true);
    }

    private static void gives(String expected, String claims, List<List<Object>> disclosed) throws Malformed {
        assertEquals(StrictJson.object(expected), take(claims, disclosed));
    }

    private static void refused(String claims, List<List<Object>> disclosed) {
        assertThrows(Malformed.class, () -> take(claims, disclosed));
    }

    @Test
    void only_what_a_path_leads_to_is_handed_over() throws Malformed {
        List<List<Object>> address = List.of(List.of("address"));
        gives("{\"address\":{\"street\":\"마당로 1\"}}", "[{\"path\":[\"address\",\"street\"]}]", address);
        gives(
                "{\"address\":{\"street\":\"마당로 1\",\"district\":\"중구\"}}",
                "[{\"path\":[\"address\",\"street\"]},{\"path\":[\"address\"]}]",
                address);
        gives(
                "{\"degrees\":[{\"type\":\"BSc\"},{\"type\":\"MSc\"}]}",
                "[{\"path\":[\"degrees\",null,\"type\"]}]",
                List.of(List.of("degrees")));
        gives(
                "{\"degrees\":[{\"type\":\"MSc\"}]}",
                "[{\"path\":[\"degrees\",1,\"type\"]}]",
                List.of(List.of("degrees", 1, "type")));
    }

    @Test
    void a_path_through_a_value_of_another_shape_selects_nothing() {
        for (String path : List.of(
                "[\"name\",\"x\"]",
                "[\"name\",0]",
                "[\"name\",null]",
                "[\"address\",0]",
                "[\"address\",null]",
                "[\"degrees\",\"type\"]",
                "[\"degrees\",2]",
                "[\"nationalities\",null,\"x\"]",
                "[\"absent\"]",
                "[0]",
                "[null]",
                "[]",
                "[\"degrees\",-1]",
                "[\"degrees\",1.0]",
                "[\"degrees\",true]")) {
            refused("[{\"path\":" + path + "}]", List.of());
        }
    }

    @Test
    void values_match_by_type_and_exactly() throws Malformed {
        gives("{\"age\":10000000000}", "[{\"path\":[\"age\"],\"values\":[1,10000000000]}]", List.of());
        gives(
                "{\"nationalities\":[\"KR\",\"FR\"]}",
                "[{\"path\":[\"nationalities\",null],\"values\":[\"FR\"]}]",
                List.of());
        refused("[{\"path\":[\"age\"],\"values\":[\"10000000000\"]}]", List.of());
        refused("[{\"path\":[\"name\"],\"values\":[\"민\"]}]", List.of());
        refused("[{\"path\":[\"name\"],\"values\":[]}]", List.of());
        refused("[{\"path\":[\"name\"],\"values\":[null]}]", List.of());
        refused("[{\"path\":[\"name\"],\"values\":[{}]}]", List.of());
    }

    @Test
    void more_than_was_asked_for_is_refused_at_every_depth() {
        String street = "[{\"path\":[\"address\",\"street\"]}]";
        refused(street, List.of(List.of("address", "street"), List.of("address", "district")));
        refused(street, List.of(List.of("name")));
        refused("[{\"path\":[\"degrees\",0]}]", List.of(List.of("degrees", 0), List.of("degrees", 1)));
    }

    private static DcqlQuery query(String json) throws Malformed {
        return DcqlQuery.parse(StrictJson.object(json));
    }

    /** Three queries for the types a, b and c, without claims. */
    private static DcqlQuery sets(String credentialSets) throws Malformed {
        StringBuilder credentials = new StringBuilder();
        for (String id : List.of("a", "b", "c")) {
            credentials
                    .append(credentials.isEmpty() ? "" : ",")
                    .append("""
                    {"id":"%1$s","format":"dc+sd-jwt","meta":{"vct_values":["%1$s"]}}"""
                            .formatted(id));
        }
        return query("{\"credentials\":[" + credentials + "],\"credential_sets\":" + credentialSets + "}");
    }

    private static void given(DcqlQuery query, boolean satisfies, String... ids) throws Malformed {
        Map<String, List<PresentedCredential>> answer = new java.util.HashMap<>();
        for (String id : ids) {
            answer.put(id, List.of(person(id, List.of())));
        }
        if (satisfies) {
            assertEquals(Set.of(ids), query.take(answer).keySet());
        } else {
            assertThrows(Malformed.class, () -> query.take(answer));
        }
    }

    @Test
    void of_credential_sets_one_option_each_is_taken_and_nothing_beyond() throws Malformed {
        DcqlQuery either = sets("[{\"options\":[[\"a\"],[\"b\",\"c\"]]}]");
        given(either, true, "a");
        given(either, true, "b", "c");
        given(either, false, "b");
        given(either, false, "a", "b");
        given(either, false, "a", "b", "c");
        given(either, false);
        DcqlQuery optional = sets("[{\"options\":[[\"a\"]]},{\"options\":[[\"b\"]],\"required\":false}]");
        given(optional, true, "a");
        given(optional, true, "a", "b");
        given(optional, false, "b");
        given(optional, false, "a", "c");
        DcqlQuery overlapping = sets("[{\"options\":[[\"a\"],[\"b\"]]},{\"options\":[[\"b\"],[\"c\"]]}]");
        given(overlapping, true, "b");
        given(overlapping, true, "a", "c");
        given(overlapping, false, "a");
    }

    @Test
    void without_credential_sets_all_are_needed() throws Malformed {
        DcqlQuery both = query(
                """
                {"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["a"]}},
                                {"id":"b","format":"dc+sd-jwt","meta":{"vct_values":["b"]}}]}""");
        given(both, true, "a", "b");
        given(both, false, "a");
        given(both, false);
    }

    @Test
    void several_credentials_are_taken_only_where_several_were_asked_for() throws Malformed {
        String one = "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\",\"w\"]}"
                + ",\"claims\":[{\"path\":[\"name\"]}]%s}]}";
        var two = List.of(person("v", List.of()), person("w", List.of()));
        assertThrows(Malformed.class, () -> query(one.formatted("")).take(Map.of("a", two)));
        Map<String, Object> name = Map.of("name", "민지");
        assertEquals(
                Map.of("a", List.of(name, name)),
                query(one.formatted(",\"multiple\":true")).take(Map.of("a", two)));
        assertEquals(
                Map.of("a", List.of(name)),
                query(one.formatted(",\"multiple\":true")).take(Map.of("a", two.subList(0, 1))));
        assertThrows(Malformed.class, () -> query(one.formatted(",\"multiple\":true"))
                .take(Map.of("a", List.of())));
    }

    @Test
    void only_issuers_certified_by_a_trusted_authority_pass() throws Malformed {
        String asked = "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]},"
                + "\"trusted_authorities\":[{\"type\":\"%s\",\"values\":[%s]}]}]}";
        var answer = Map.of("a", List.of(person("v", List.of())));
        assertEquals(
                Set.of("a"),
                query(asked.formatted("aki", "\"b3RoZXI\",\"a2V5\""))
                        .take(answer)
                        .keySet());
        assertThrows(Malformed.class, () -> query(asked.formatted("aki", "\"b3RoZXI\""))
                .take(answer));
        assertThrows(Malformed.class, () -> query(asked.formatted("etsi_tl", "\"a2V5\"")));
        assertThrows(Malformed.class, () -> query(asked.formatted("aki", "\"a2V5=\"")));
        assertThrows(Malformed.class, () -> query(asked.formatted("aki", "")));
    }

    @Test
    void claim_sets_are_tried_in_order_and_the_first_that_fits_exactly_counts() throws Malformed {
        String asked =
                "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]},\"claims\":["
                        + "{\"id\":\"n\",\"path\":[\"name\"]},{\"id\":\"g\",\"path\":[\"age\"]},{\"id\":\"x\",\"path\":[\"absent\"]}],"
                        + "\"claim_sets\":%s}]}";
        var name = Map.of("a", List.of(person("v", List.of(List.of("name")))));
        var both = Map.of("a", List.of(person("v", List.of(List.of("name"), List.of("age")))));
        assertEquals(
                Map.of("a", Map.of("name", "민지")),
                query(asked.formatted("[[\"x\"],[\"n\",\"g\"],[\"n\"]]"))
                        .take(Map.of(
                                "a",
                                List.of(new PresentedCredential(
                                        PresentationFormat.SD_JWT_VC,
                                        "v",
                                        Map.of("name", "민지"),
                                        List.of(List.of("name")),
                                        Set.of(),
                                        true)))));
        assertEquals(
                Map.of("a", Map.of("name", "민지", "age", 10000000000L)),
                query(asked.formatted("[[\"n\"],[\"n\",\"g\"]]")).take(both));
        assertThrows(Malformed.class, () -> query(asked.formatted("[[\"n\"]]")).take(both));
        assertThrows(Malformed.class, () -> query(asked.formatted("[[\"x\"]]")).take(name));
        assertThrows(Malformed.class, () -> query(asked.formatted("[[\"unknown\"]]")));
        assertThrows(Malformed.class, () -> query(asked.formatted("[[]]")));
    }

    @Test
    void an_mdoc_is_asked_for_by_doctype_name_space_and_element() throws Malformed {
        String asked = "{\"credentials\":[{\"id\":\"a\",\"format\":\"mso_mdoc\",\"meta\":{\"doctype_value\":\"d\"},"
                + "\"claims\":[{\"path\":%s%s}]}]}";
        PresentedCredential license = new PresentedCredential(
                PresentationFormat.MSO_MDOC,
                "d",
                Map.of("ns", Map.of("family_name", "김", "age", 20L), "other", Map.of("family_name", "이")),
                List.of(List.of("ns", "family_name")),
                Set.of(),
                true);
        var answer = Map.of("a", List.of(license));
        assertEquals(
                Map.of("a", Map.of("ns", Map.of("family_name", "김"))),
                query(asked.formatted("[\"ns\",\"family_name\"]", ",\"intent_to_retain\":true"))
                        .take(answer));
        // the same element of another name space was disclosed
        assertThrows(Malformed.class, () -> query(asked.formatted("[\"other\",\"family_name\"]", ""))
                .take(answer));
        assertEquals(
                Map.of("a", Map.of("ns", Map.of("age", 20L))),
                query(asked.formatted("[\"ns\",\"age\"]", ",\"values\":[20]"))
                        .take(Map.of(
                                "a",
                                List.of(new PresentedCredential(
                                        PresentationFormat.MSO_MDOC,
                                        "d",
                                        license.claims(),
                                        List.of(List.of("ns", "age")),
                                        Set.of(),
                                        true)))));
        for (String path : List.of("[\"ns\"]", "[\"ns\",\"a\",\"b\"]", "[\"ns\",null]", "[\"ns\",0]")) {
            assertThrows(Malformed.class, () -> query(asked.formatted(path, "")));
        }
        assertThrows(Malformed.class, () -> query(asked.formatted("[\"ns\",\"a\"]", ",\"intent_to_retain\":\"yes\"")));
        assertThrows(
                Malformed.class,
                () -> query(
                        "{\"credentials\":[{\"id\":\"a\",\"format\":\"mso_mdoc\",\"meta\":{\"vct_values\":[\"d\"]}}]}"));
        // an SD-JWT VC is no mdoc, whatever its vct
        assertThrows(Malformed.class, () -> query(asked.formatted("[\"ns\",\"age\"]", ""))
                .take(Map.of("a", List.of(person("d", List.of())))));
    }

    @Test
    void holder_binding_is_needed_unless_the_query_says_otherwise() throws Malformed {
        String asked =
                "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]}%s}]}";
        var unbound = Map.of(
                "a",
                List.of(new PresentedCredential(
                        PresentationFormat.SD_JWT_VC, "v", Map.of(), List.of(), Set.of(), false)));
        assertThrows(Malformed.class, () -> query(asked.formatted("")).take(unbound));
        assertEquals(
                Set.of("a"),
                query(asked.formatted(",\"require_cryptographic_holder_binding\":false"))
                        .take(unbound)
                        .keySet());
    }

    @Test
    void what_dcql_forbids_is_not_asked() {
        String claims =
                "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]},%s}]}";
        for (String part : List.of(
                "\"claims\":[]",
                "\"claims\":[{\"path\":[\"a\"]},{\"path\":[\"a\"]}]",
                "\"claims\":[{\"id\":\"1\",\"path\":[\"a\"]},{\"id\":\"1\",\"path\":[\"b\"]}]",
                "\"claims\":[{\"id\":\"a b\",\"path\":[\"a\"]}]",
                "\"claim_sets\":[[\"a\"]]",
                "\"claims\":[{\"path\":[\"a\"]}],\"claim_sets\":[[\"a\"]]",
                "\"multiple\":\"yes\"",
                "\"require_cryptographic_holder_binding\":0")) {
            assertThrows(Malformed.class, () -> query(claims.formatted(part)), part);
        }
        assertThrows(Malformed.class, () -> sets("[]"));
        assertThrows(Malformed.class, () -> sets("[{\"options\":[[]]}]"));
        assertThrows(Malformed.class, () -> sets("[{\"options\":[[\"d\"]]}]"));
        assertThrows(Malformed.class, () -> sets("[{\"options\":[[\"a\"]],\"required\":1}]"));
    }
}
