package city.madang.records.catalogue.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a service definition and says everything that is wrong with it at once. */
public final class DefinitionReader {

    /** A year is 365; a record of a birth does not expire, so a century and more is allowed. */
    static final int LONGEST_VALIDITY_DAYS = 36_500;

    static final int MOST_FACTS = 40;
    static final int LONGEST_TITLE = 200;
    static final int LONGEST_DESCRIPTION = 2_000;
    static final long HIGHEST_FEE = 1_000_000_000_000L;

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final Set<String> MEMBERS =
            Set.of("title", "description", "credentials", "fee", "form", "decision", "record", "credential");
    /** Claims that the issuer sets itself. */
    private static final Set<String> RESERVED =
            Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "cnf", "vct", "status", "record", "_sd", "_sd_alg");

    private final List<FormError> errors = new ArrayList<>();

    private DefinitionReader() {}

    /** A definition, or what is wrong with the document. */
    public sealed interface Result {
        record Read(ServiceDefinition definition) implements Result {}

        record Wrong(List<FormError> errors) implements Result {}
    }

    public static Result read(JsonNode tree) {
        DefinitionReader reader = new DefinitionReader();
        @Nullable ServiceDefinition definition = reader.definition(tree);
        return definition == null || !reader.errors.isEmpty()
                ? new Result.Wrong(List.copyOf(reader.errors))
                : new Result.Read(definition);
    }

    private @Nullable ServiceDefinition definition(JsonNode tree) {
        if (!tree.isObject()) {
            wrong("", "must be an object");
            return null;
        }
        onlyMembers(tree, "", MEMBERS);
        Text title = text(tree, "", "title", LONGEST_TITLE);
        if (tree.has("description")) {
            text(tree, "", "description", LONGEST_DESCRIPTION);
        }
        JsonNode dcql = tree.get("credentials");
        Map<String, Set<DcqlShape.Asked>> disclosed = dcql == null ? Map.of() : DcqlShape.check(dcql, this::wrong);
        long fee = fee(tree.get("fee"));
        JsonNode form = tree.path("form");
        try {
            FormSchema.of(form);
        } catch (FormSchema.Malformed malformed) {
            wrong("/form" + malformed.pointer(), malformed.why());
        }
        String decision = tree.path("decision").asText();
        if (!decision.equals("automatic") && !decision.equals("officer")) {
            wrong("/decision", "must be \"automatic\" or \"officer\"");
        }
        ServiceDefinition.Outcome record = record(tree.path("record"), disclosed);
        ServiceDefinition.@Nullable Credential credential =
                tree.has("credential") ? credential(tree.path("credential"), record) : null;
        return new ServiceDefinition(title, dcql, fee, form, decision.equals("officer"), record, credential, tree);
    }

    private long fee(@Nullable JsonNode fee) {
        if (fee == null) {
            return 0;
        }
        onlyMembers(fee, "/fee", Set.of("amount", "currency"));
        JsonNode amount = fee.path("amount");
        if (!amount.isIntegralNumber()
                || !amount.canConvertToLong()
                || amount.asLong() < 1
                || amount.asLong() > HIGHEST_FEE) {
            wrong("/fee/amount", "must be an integer from 1 to " + HIGHEST_FEE);
        }
        if (!"KRW".equals(fee.path("currency").asText())) {
            wrong("/fee/currency", "must be \"KRW\"");
        }
        return amount.asLong();
    }

    private ServiceDefinition.Outcome record(JsonNode record, Map<String, Set<DcqlShape.Asked>> disclosed) {
        onlyMembers(record, "/record", Set.of("type", "title", "validity_days", "facts"));
        String type = matching(record, "/record", "type", SLUG);
        Text title = text(record, "/record", "title", LONGEST_TITLE);
        int days = days(record, "/record");
        JsonNode facts = record.path("facts");
        if (!facts.isArray() || facts.isEmpty() || facts.size() > MOST_FACTS) {
            wrong("/record/facts", "must be a list of 1 to " + MOST_FACTS);
        }
        List<ServiceDefinition.Fact> read = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < facts.size() && i < MOST_FACTS; i++) {
            String at = "/record/facts/" + i;
            JsonNode fact = facts.path(i);
            onlyMembers(fact, at, Set.of("name", "label", "from"));
            String name = matching(fact, at, "name", NAME);
            if (!names.add(name)) {
                wrong(at + "/name", "stands twice");
            }
            read.add(new ServiceDefinition.Fact(
                    name, text(fact, at, "label", LONGEST_TITLE), source(fact, at + "/from", disclosed)));
        }
        return new ServiceDefinition.Outcome(type, title, days, read);
    }

    private String source(JsonNode fact, String at, Map<String, Set<DcqlShape.Asked>> disclosed) {
        String from = fact.path("from").asText();
        List<String> tokens = Pointer.tokens(from).orElse(List.of());
        boolean intoForm = tokens.size() >= 2 && tokens.getFirst().equals("form");
        boolean intoCredential = tokens.size() >= 3 && tokens.getFirst().equals("credentials");
        if (!fact.path("from").isTextual() || from.length() > LONGEST_TITLE || !(intoForm || intoCredential)) {
            wrong(at, "must be a JSON pointer below /form or /credentials/<id>");
        } else if (intoCredential && !disclosed.containsKey(tokens.get(1))) {
            wrong(at, "points into a credential that is not asked for");
        } else if (intoCredential
                && disclosed.getOrDefault(tokens.get(1), Set.of()).stream()
                        .noneMatch(asked -> asked.covers(tokens.subList(2, tokens.size())))) {
            wrong(at, "points to a claim that is not asked for");
        }
        return from;
    }

    private ServiceDefinition.Credential credential(JsonNode credential, ServiceDefinition.Outcome record) {
        onlyMembers(credential, "/credential", Set.of("id", "display", "validity_days", "claims"));
        String id = matching(credential, "/credential", "id", SLUG);
        text(credential, "/credential", "display", LONGEST_TITLE);
        int days = days(credential, "/credential");
        Map<String, ServiceDefinition.Fact> facts = new HashMap<>();
        record.facts().forEach(fact -> facts.put(fact.name(), fact));
        List<String> claims = new ArrayList<>();
        JsonNode listed = credential.path("claims");
        if (!listed.isArray() || listed.isEmpty() || listed.size() > MOST_FACTS) {
            wrong("/credential/claims", "must be a list of 1 to " + MOST_FACTS);
        }
        for (int i = 0; i < listed.size() && i < MOST_FACTS; i++) {
            String name = listed.path(i).asText();
            String at = "/credential/claims/" + i;
            if (!facts.containsKey(name)) {
                wrong(at, "names no fact of the record");
            } else if (RESERVED.contains(name)) {
                wrong(at, "is a claim that the issuer sets itself");
            } else if (claims.contains(name)) {
                wrong(at, "stands twice");
            }
            claims.add(name);
        }
        return new ServiceDefinition.Credential(id, credential.path("display"), days, claims);
    }

    private int days(JsonNode parent, String at) {
        JsonNode days = parent.path("validity_days");
        if (!days.isInt() || days.asInt() < 1 || days.asInt() > LONGEST_VALIDITY_DAYS) {
            wrong(at + "/validity_days", "must be an integer from 1 to " + LONGEST_VALIDITY_DAYS);
        }
        return days.asInt();
    }

    private String matching(JsonNode parent, String at, String member, Pattern pattern) {
        JsonNode value = parent.path(member);
        if (!value.isTextual() || !pattern.matcher(value.asText()).matches()) {
            wrong(at + "/" + member, "must match " + pattern.pattern());
        }
        return value.asText();
    }

    private Text text(JsonNode parent, String at, String member, int longest) {
        JsonNode text = parent.path(member);
        String here = at + "/" + member;
        onlyMembers(text, here, Set.of("ko", "en"));
        for (String language : List.of("ko", "en")) {
            JsonNode value = text.path(language);
            if (!value.isTextual()
                    || value.asText().isBlank()
                    || value.asText().length() > longest
                    || value.asText().chars().anyMatch(Character::isISOControl)) {
                wrong(here + "/" + language, "must be text of 1 to " + longest + " characters");
            }
        }
        return new Text(text.path("ko").asText(), text.path("en").asText());
    }

    private void onlyMembers(JsonNode object, String at, Set<String> allowed) {
        if (!object.isObject()) {
            wrong(at, "must be an object");
            return;
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!allowed.contains(member.getKey())) {
                wrong(at + "/" + Pointer.escape(member.getKey()), "is not known");
            }
        }
    }

    private void wrong(String pointer, String message) {
        errors.add(new FormError(pointer, message));
    }
}
