package city.madang.records.catalogue.definition;

import city.madang.records.paper.RecordTemplate;
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

    /** As long as identity-service lets a credential be valid. */
    static final int LONGEST_CREDENTIAL_DAYS = 3_650;

    static final int MOST_FACTS = 40;
    static final int MOST_ATTACHMENTS = 10;
    static final int LONGEST_DESCRIPTION = 2_000;
    static final long HIGHEST_FEE = 1_000_000_000_000L;

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final Set<String> MEMBERS = Set.of(
            "title",
            "description",
            "credentials",
            "fee",
            "form",
            "attachments",
            "decision",
            "record",
            "credential",
            "expires_after_days",
            "review",
            "appeal",
            "service_level",
            "renewal");
    /** Claims that the issuer sets itself. */
    private static final Set<String> RESERVED =
            Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "cnf", "vct", "status", "record", "_sd", "_sd_alg");

    private final Members members = new Members();
    private final TermsReader terms = new TermsReader(members);

    private DefinitionReader() {}

    /** A definition, or what is wrong with the document. */
    public sealed interface Result {
        record Read(ServiceDefinition definition) implements Result {}

        record Wrong(List<FormError> errors) implements Result {}
    }

    public static Result read(JsonNode tree) {
        DefinitionReader reader = new DefinitionReader();
        @Nullable ServiceDefinition definition = reader.definition(tree);
        List<FormError> errors = reader.members.errors();
        return definition == null || !errors.isEmpty() ? new Result.Wrong(errors) : new Result.Read(definition);
    }

    private @Nullable ServiceDefinition definition(JsonNode tree) {
        if (!tree.isObject()) {
            members.wrong("", "must be an object");
            return null;
        }
        members.only(tree, "", MEMBERS);
        Text title = members.text(tree, "", "title", Members.LONGEST_TITLE);
        if (tree.has("description")) {
            members.text(tree, "", "description", LONGEST_DESCRIPTION);
        }
        JsonNode dcql = tree.get("credentials");
        Map<String, Set<DcqlShape.Asked>> disclosed = dcql == null ? Map.of() : DcqlShape.check(dcql, members::wrong);
        long fee = tree.has("fee") ? members.fee(tree.path("fee"), "/fee", 1) : 0;
        JsonNode form = tree.path("form");
        members.schema(form, "/form");
        ServiceDefinition.Outcome record = record(tree.path("record"), disclosed);
        ServiceDefinition.@Nullable Credential credential =
                tree.has("credential") ? credential(tree.path("credential"), record) : null;
        Set<String> facts = new LinkedHashSet<>();
        record.facts().forEach(fact -> facts.add(fact.name()));
        Deciding deciding = terms.deciding(tree.path("decision"), facts);
        return new ServiceDefinition(
                title, dcql, fee, form, attachments(tree), deciding, record, credential, terms.terms(tree), tree);
    }

    private List<ServiceDefinition.Attachment> attachments(JsonNode tree) {
        JsonNode listed = tree.path("attachments");
        if (tree.has("attachments") && (!listed.isArray() || listed.isEmpty() || listed.size() > MOST_ATTACHMENTS)) {
            members.wrong("/attachments", "must be a list of 1 to " + MOST_ATTACHMENTS);
        }
        List<ServiceDefinition.Attachment> read = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < listed.size() && i < MOST_ATTACHMENTS; i++) {
            String at = "/attachments/" + i;
            JsonNode attachment = listed.path(i);
            members.only(attachment, at, Set.of("name", "title", "type", "required"));
            String name = members.matching(attachment, at, "name", NAME);
            if (!names.add(name)) {
                members.wrong(at + "/name", "stands twice");
            }
            if (attachment.has("required") && !attachment.path("required").isBoolean()) {
                members.wrong(at + "/required", "must be true or false");
            }
            read.add(new ServiceDefinition.Attachment(
                    name,
                    members.text(attachment, at, "title", Members.LONGEST_TITLE),
                    members.matching(attachment, at, "type", SLUG),
                    attachment.path("required").asBoolean(true)));
        }
        return List.copyOf(read);
    }

    private ServiceDefinition.Outcome record(JsonNode record, Map<String, Set<DcqlShape.Asked>> disclosed) {
        members.only(record, "/record", Set.of("type", "title", "validity_days", "facts", "template"));
        String type = members.matching(record, "/record", "type", SLUG);
        Text title = members.text(record, "/record", "title", Members.LONGEST_TITLE);
        int days = members.number(record, "/record", "validity_days", 1, LONGEST_VALIDITY_DAYS);
        JsonNode facts = record.path("facts");
        if (!facts.isArray() || facts.isEmpty() || facts.size() > MOST_FACTS) {
            members.wrong("/record/facts", "must be a list of 1 to " + MOST_FACTS);
        }
        List<ServiceDefinition.Fact> read = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < facts.size() && i < MOST_FACTS; i++) {
            String at = "/record/facts/" + i;
            JsonNode fact = facts.path(i);
            members.only(fact, at, Set.of("name", "label", "from"));
            String name = members.matching(fact, at, "name", NAME);
            if (!names.add(name)) {
                members.wrong(at + "/name", "stands twice");
            }
            read.add(new ServiceDefinition.Fact(
                    name,
                    members.text(fact, at, "label", Members.LONGEST_TITLE),
                    source(fact, at + "/from", disclosed)));
        }
        return new ServiceDefinition.Outcome(type, title, days, read, template(record, names));
    }

    private @Nullable String template(JsonNode record, Set<String> facts) {
        if (!record.has("template")) {
            return null;
        }
        JsonNode template = record.path("template");
        if (!template.isTextual()) {
            members.wrong("/record/template", "must be text");
            return null;
        }
        if (RecordTemplate.read(template.asText(), facts) instanceof RecordTemplate.Result.Wrong refused) {
            members.wrong("/record/template", refused.why());
        }
        return template.asText();
    }

    private String source(JsonNode fact, String at, Map<String, Set<DcqlShape.Asked>> disclosed) {
        String from = fact.path("from").asText();
        List<String> tokens = Pointer.tokens(from).orElse(List.of());
        boolean intoForm = tokens.size() >= 2 && tokens.getFirst().equals("form");
        boolean intoCredential = tokens.size() >= 3 && tokens.getFirst().equals("credentials");
        if (!fact.path("from").isTextual() || from.length() > Members.LONGEST_TITLE || !(intoForm || intoCredential)) {
            members.wrong(at, "must be a JSON pointer below /form or /credentials/<id>");
        } else if (intoCredential && !disclosed.containsKey(tokens.get(1))) {
            members.wrong(at, "points into a credential that is not asked for");
        } else if (intoCredential
                && disclosed.getOrDefault(tokens.get(1), Set.of()).stream()
                        .noneMatch(asked -> asked.covers(tokens.subList(2, tokens.size())))) {
            members.wrong(at, "points to a claim that is not asked for");
        }
        return from;
    }

    private ServiceDefinition.Credential credential(JsonNode credential, ServiceDefinition.Outcome record) {
        members.only(credential, "/credential", Set.of("id", "display", "validity_days", "claims"));
        String id = members.matching(credential, "/credential", "id", SLUG);
        members.text(credential, "/credential", "display", Members.LONGEST_TITLE);
        int days = members.number(credential, "/credential", "validity_days", 1, LONGEST_CREDENTIAL_DAYS);
        Map<String, ServiceDefinition.Fact> facts = new HashMap<>();
        record.facts().forEach(fact -> facts.put(fact.name(), fact));
        List<String> claims = new ArrayList<>();
        JsonNode listed = credential.path("claims");
        if (!listed.isArray() || listed.isEmpty() || listed.size() > MOST_FACTS) {
            members.wrong("/credential/claims", "must be a list of 1 to " + MOST_FACTS);
        }
        for (int i = 0; i < listed.size() && i < MOST_FACTS; i++) {
            String name = listed.path(i).asText();
            String at = "/credential/claims/" + i;
            if (!facts.containsKey(name)) {
                members.wrong(at, "names no fact of the record");
            } else if (RESERVED.contains(name)) {
                members.wrong(at, "is a claim that the issuer sets itself");
            } else if (claims.contains(name)) {
                members.wrong(at, "stands twice");
            }
            claims.add(name);
        }
        return new ServiceDefinition.Credential(id, credential.path("display"), days, claims);
    }
}
