package city.madang.records.catalogue.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import city.madang.records.JsonBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DcqlShapeTest {

    private static final String QUERY =
            """
            {"credentials": [
               {"id": "residency", "format": "dc+sd-jwt", "multiple": false,
                "require_cryptographic_holder_binding": true,
                "meta": {"vct_values": ["https://localhost:8443/identity/vct/residency"]},
                "claims": [{"id": "a", "path": ["family_name"]},
                           {"id": "b", "path": ["district"], "values": ["강남구", 7, true]},
                           {"id": "c", "path": ["address", 0, null, "street"]}],
                "claim_sets": [["a", "b"], ["b"]]},
               {"id": "student", "format": "dc+sd-jwt",
                "meta": {"vct_values": ["https://localhost:8443/identity/vct/student"]}}],
             "credential_sets": [{"options": [["residency"], ["student", "residency"]]},
                                 {"options": [["student"]], "required": false}]}""";

    private static List<String> errors(JsonNode query) {
        List<String> pointers = new ArrayList<>();
        DcqlShape.check(query, (pointer, message) -> pointers.add(pointer));
        return pointers;
    }

    private static DcqlShape.Asked asked(String... steps) {
        return new DcqlShape.Asked(Arrays.asList(steps));
    }

    private static ObjectNode query() {
        return (ObjectNode) JsonBody.parse(QUERY);
    }

    @Test
    void what_identity_can_ask_passes_with_the_claims_that_may_be_disclosed() {
        assertEquals(List.of(), errors(query()));
        assertEquals(
                Map.of("residency", Set.of(asked("family_name"), asked("district")), "student", Set.of()),
                DcqlShape.check(query(), (pointer, message) -> {}));
        ObjectNode noSets = query();
        ((ObjectNode) noSets.at("/credentials/0")).remove("claim_sets");
        assertEquals(
                Set.of(asked("family_name"), asked("district"), asked("address", null, null, "street")),
                DcqlShape.check(noSets, (pointer, message) -> {}).get("residency"));
        ObjectNode unneeded = query();
        unneeded.set("credential_sets", JsonBody.parse("[{\"options\": [[\"student\"]]}]"));
        assertEquals(
                Set.of(), DcqlShape.check(unneeded, (pointer, message) -> {}).get("residency"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/credentials/0 | multiple | true | /credentials/credentials/0/multiple",
                "/credentials/0 | multiple | \"no\" | /credentials/credentials/0/multiple",
                "/credentials/0 | trusted_authorities | [] | /credentials/credentials/0/trusted_authorities",
                "/credentials/0 | require_cryptographic_holder_binding | false |"
                        + " /credentials/credentials/0/require_cryptographic_holder_binding",
                "/credentials/1 | format | \"mso_mdoc\" | /credentials/credentials/1/format",
                "/credentials/1 | format | \"jwt_vc_json\" | /credentials/credentials/1/format",
                "/credentials/1 | id | \"residency\" | /credentials/credentials/1/id",
                "/credentials/1 | id | 7 | /credentials/credentials/1/id",
                "/credentials/1 | id | \"a.b\" | /credentials/credentials/1/id",
                "/credentials/1 | meta | {} | /credentials/credentials/1/meta/vct_values",
                "/credentials/1 | meta | {\"vct_values\": [\"a b\"]} | /credentials/credentials/1/meta/vct_values/0",
                "/credentials/1 | meta | {\"vct_values\": [1]} | /credentials/credentials/1/meta/vct_values/0",
                "/credentials/1 | claims | [] | /credentials/credentials/1/claims",
                "/credentials/1 | claims | null | /credentials/credentials/1/claims",
                "/credentials/1 | claims | [7] | /credentials/credentials/1/claims/0",
                "/credentials/1 | claims | [{\"path\": []}] | /credentials/credentials/1/claims/0/path",
                "/credentials/1 | claims | [{\"path\": [null]}] | /credentials/credentials/1/claims/0/path/0",
                "/credentials/1 | claims | [{\"path\": [\"a\", -1]}] | /credentials/credentials/1/claims/0/path/1",
                "/credentials/1 | claims | [{\"path\": [\"a\"], \"values\": []}] |"
                        + " /credentials/credentials/1/claims/0/values",
                "/credentials/1 | claims | [{\"path\": [\"a\"], \"values\": [1.5]}] |"
                        + " /credentials/credentials/1/claims/0/values/0",
                "/credentials/1 | claims | [{\"path\": [\"a\"], \"values\": [30000000000000000000]}] |"
                        + " /credentials/credentials/1/claims/0/values/0",
                "/credentials/1 | claims | [{\"path\": [\"a\"], \"value\": [1]}] |"
                        + " /credentials/credentials/1/claims/0/value",
                "/credentials/1 | claim_sets | [[\"a\"]] | /credentials/credentials/1/claim_sets/0/0",
                "/credentials/0 | claim_sets | [[\"z\"]] | /credentials/credentials/0/claim_sets/0/0",
                "/credentials/0 | claim_sets | [[]] | /credentials/credentials/0/claim_sets/0",
                "/credentials/0 | claimsets | [[\"a\"]] | /credentials/credentials/0/claimsets",
                "/credentials/0/claims/1 | id | \"a\" | /credentials/credentials/0/claims/1/id",
                "`` | credential_sets | [] | /credentials/credential_sets",
                "`` | credential_sets | [{}] | /credentials/credential_sets/0/options",
                "`` | credential_sets | [{\"options\": [[\"nobody\"]]}] |"
                        + " /credentials/credential_sets/0/options/0/0",
                "`` | credential_sets | [{\"options\": [[\"student\"]], \"required\": 1}] |"
                        + " /credentials/credential_sets/0/required",
                "`` | credentials | [] | /credentials/credentials",
                "`` | credentials | {} | /credentials/credentials",
                "`` | extra | 1 | /credentials/extra"
            })
    void what_identity_would_refuse_is_refused_where_it_stands(
            String parent, String member, String value, String pointer) {
        ObjectNode query = query();
        ((ObjectNode) query.at(parent)).set(member, JsonBody.parse(value));
        assertEquals(
                pointer,
                errors(query).stream()
                        .filter(pointer::equals)
                        .findFirst()
                        .orElse(errors(query).toString()));
    }

    @Test
    void no_list_is_longer_than_identity_takes() {
        longList(query -> repeat((ArrayNode) query.get("credentials"), DcqlShape.MOST_CREDENTIALS), "/credentials");
        longList(
                query -> repeat((ArrayNode) query.at("/credentials/0/claims"), DcqlShape.MOST_CLAIMS),
                "/credentials/0/claims");
        longList(
                query -> repeat((ArrayNode) query.at("/credentials/1/meta/vct_values"), DcqlShape.MOST_VALUES),
                "/credentials/1/meta/vct_values");
        longList(
                query -> repeat((ArrayNode) query.at("/credentials/0/claim_sets"), DcqlShape.MOST_VALUES),
                "/credentials/0/claim_sets");
    }

    @Test
    void no_query_is_longer_than_identity_takes() {
        ObjectNode query = query();
        ArrayNode claims = ((ObjectNode) query.at("/credentials/1")).putArray("claims");
        for (int i = 0; i < DcqlShape.MOST_CLAIMS; i++) {
            ArrayNode path = claims.addObject().putArray("path");
            path.add("a".repeat(290)).add("b".repeat(30) + i);
        }
        assertEquals(List.of("/credentials"), errors(query));
    }

    private static void longList(Consumer<ObjectNode> lengthen, String at) {
        ObjectNode query = query();
        lengthen.accept(query);
        assertEquals(true, errors(query).contains("/credentials" + at), at + " is not in " + errors(query));
    }

    private static void repeat(ArrayNode list, int most) {
        JsonNode first = list.get(0);
        while (list.size() <= most) {
            list.add(first.deepCopy());
        }
    }

    @Test
    void a_claim_covers_what_lies_at_it_within_it_and_above_it() {
        DcqlShape.Asked street = asked("address", null, "street");
        assertEquals(true, street.covers(List.of("address")));
        assertEquals(true, street.covers(List.of("address", "0")));
        assertEquals(true, street.covers(List.of("address", "12", "street")));
        assertEquals(true, street.covers(List.of("address", "0", "street", "name")));
        assertEquals(false, street.covers(List.of("address", "0", "city")));
        assertEquals(false, street.covers(List.of("address", "first", "street")));
        assertEquals(false, street.covers(List.of("addresses")));
    }

    @Test
    void a_fact_cannot_come_from_a_credential_that_discloses_no_claims() {
        String definition =
                """
                {"title": {"ko": "가", "en": "a"}, "form": {"$schema": "%s", "type": "object"},
                 "decision": "automatic", "credentials": %s,
                 "record": {"type": "permit", "title": {"ko": "가", "en": "a"}, "validity_days": 1, "facts": [
                   {"name": "ok", "label": {"ko": "가", "en": "a"}, "from": "/credentials/residency/district"},
                   {"name": "unset", "label": {"ko": "가", "en": "a"}, "from": "/credentials/residency/address"},
                   {"name": "none", "label": {"ko": "가", "en": "a"}, "from": "/credentials/student/name"}]}}"""
                        .formatted(FormSchema.DRAFT, QUERY);
        var result = (DefinitionReader.Result.Wrong) DefinitionReader.read(JsonBody.parse(definition));
        assertEquals(
                List.of("/record/facts/1/from", "/record/facts/2/from"),
                result.errors().stream().map(FormError::pointer).toList());
    }
}
