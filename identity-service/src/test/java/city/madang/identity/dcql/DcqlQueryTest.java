package city.madang.identity.dcql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.sdjwt.Presented;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** OpenID4VP 1.0 clauses 6 and 7. */
class DcqlQueryTest {

    private static final String PERSON =
            """
            {"name":"민지","age":10000000000,"address":{"street":"마당로 1","district":"중구"},
             "degrees":[{"type":"BSc","year":2001},{"type":"MSc","year":2004}],"nationalities":["KR","FR"]}""";

    /** The issuer is checked elsewhere. */
    @SuppressWarnings("NullAway")
    private static final X509Certificate NO_ISSUER = null;

    private static @Nullable Object take(String claims, List<List<Object>> disclosed) throws Malformed {
        DcqlQuery query = DcqlQuery.parse(StrictJson.object(
                "{\"credentials\":[{\"id\":\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":[\"v\"]},\"claims\":"
                        + claims + "}]}"));
        return query.take(Map.of("a", new Presented("v", StrictJson.object(PERSON), disclosed, NO_ISSUER)))
                .get("a");
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
}
