package city.madang.gateway.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

    private final AccessRules rules = new AccessRules(
            Access.TOKEN,
            Map.of(
                    Access.OPEN,
                    List.of("GET /a", "GET /a/{id}", "GET /a/{id}/b", "GET /log/{agency}/tile/**", "POST /a/x"),
                    Access.OPTIONAL,
                    List.of("GET /a/mine"),
                    Access.WALLET,
                    List.of("POST /credential")));

    @ParameterizedTest
    @CsvSource({
        "GET, /a, OPEN",
        "HEAD, /a, OPEN",
        "POST, /a, TOKEN",
        "GET, /a/1, OPEN",
        "GET, /a/mine, OPTIONAL",
        "GET, /a/mine/b, OPEN",
        "GET, /a/1/b, OPEN",
        "GET, /a/1/c, TOKEN",
        "GET, /a/1/b/c, TOKEN",
        "GET, /a/, TOKEN",
        "GET, /a/1/, TOKEN",
        "GET, /log/x/tile, OPEN",
        "GET, /log/x/tile/8/x001/067, OPEN",
        "GET, /log/x/tiles, TOKEN",
        "GET, /log//tile/1, TOKEN",
        "POST, /a/x, OPEN",
        "POST, /a/y, TOKEN",
        "POST, /credential, WALLET",
        "GET, /credential, TOKEN",
        "GET, /, TOKEN",
        "DELETE, /a, TOKEN"
    })
    void what_is_not_listed_asks_for_what_is_usual(String method, String path, Access expected) {
        assertEquals(expected, rules.of(method, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "GET", "GET a", "GET /a/", "GET /a*", "GET /**/a", "GET /a//b", "GET /a{b}", " /a"})
    void a_list_with_a_mistake_is_refused(String operation) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new AccessRules(Access.TOKEN, Map.of(Access.OPEN, List.of(operation))));
    }

    @Test
    void an_operation_has_one_answer() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new AccessRules(
                        Access.TOKEN,
                        Map.of(Access.OPEN, List.of("GET /a/{id}"), Access.WALLET, List.of("GET /a/{other}"))));
    }
}
