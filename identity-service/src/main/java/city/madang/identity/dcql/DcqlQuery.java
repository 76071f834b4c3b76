package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import city.madang.identity.sdjwt.Presented;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an agency asks for (OpenID4VP 1.0 clause 6). */
public final class DcqlQuery {

    private static final int MOST_CREDENTIALS = 10;

    private final Map<String, CredentialQuery> credentials;
    private final List<CredentialSet> sets;

    /** §6.2: one of the options is needed, unless it is not required. */
    private record CredentialSet(List<Set<String>> options, boolean required) {}

    private DcqlQuery(Map<String, CredentialQuery> credentials, List<CredentialSet> sets) {
        this.credentials = credentials;
        this.sets = sets;
    }

    /** @throws Malformed with the reason, if it is no query or one that this verifier cannot check */
    public static DcqlQuery parse(Map<String, ?> json) throws Malformed {
        Map<String, CredentialQuery> credentials = new LinkedHashMap<>();
        for (Object each : CredentialQuery.list(json.get("credentials"), MOST_CREDENTIALS, "credentials")) {
            CredentialQuery query = CredentialQuery.parse(each);
            if (credentials.put(query.id(), query) != null) {
                throw new Malformed("an id of a credential query stands twice");
            }
        }
        return new DcqlQuery(credentials, sets(json.get("credential_sets"), credentials.keySet()));
    }

    private static List<CredentialSet> sets(@Nullable Object json, Set<String> ids) throws Malformed {
        List<CredentialSet> sets = new ArrayList<>();
        if (json == null) {
            return sets;
        }
        for (Object each : CredentialQuery.list(json, MOST_CREDENTIALS, "credential_sets")) {
            if (!(each instanceof Map<?, ?> set)) {
                throw new Malformed("a credential set must be an object");
            }
            List<Set<String>> options = new ArrayList<>();
            for (Object option : CredentialQuery.list(set.get("options"), MOST_CREDENTIALS, "options")) {
                Set<String> members = new TreeSet<>();
                for (Object id : CredentialQuery.list(option, MOST_CREDENTIALS, "an option")) {
                    if (!(id instanceof String text) || !ids.contains(text)) {
                        throw new Malformed("an option names no credential query");
                    }
                    members.add(text);
                }
                options.add(members);
            }
            sets.add(new CredentialSet(options, !Boolean.FALSE.equals(set.get("required"))));
        }
        return sets;
    }

    /** All types that may be given. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        credentials.values().forEach(query -> types.addAll(query.types()));
        return types;
    }

    /**
     * One credential query as the question of what an agency may ask sees it.
     *
     * @param types each type that may be given
     * @param paths claims paths (OpenID4VP 1.0 §7): names, positions, null for every element
     */
    public record Asked(String id, Set<String> types, List<List<@Nullable Object>> paths) {}

    /** All that is asked for, in whatever combination. */
    public List<Asked> asked() {
        return credentials.values().stream().map(CredentialQuery::asked).toList();
    }

    /**
     * The claims that were asked for, by the id of the credential query, from an answer that gives exactly them.
     *
     * @throws Malformed if something is missing or goes beyond the query
     */
    public Map<String, Map<String, @Nullable Object>> take(Map<String, Presented> answer) throws Malformed {
        Map<String, Map<String, @Nullable Object>> taken = new LinkedHashMap<>();
        for (Map.Entry<String, Presented> given : answer.entrySet()) {
            CredentialQuery query = credentials.get(given.getKey());
            if (query == null) {
                throw new Malformed("a credential was given that was not asked for");
            }
            taken.put(query.id(), query.take(given.getValue()));
        }
        if (sets.isEmpty() ? !taken.keySet().containsAll(credentials.keySet()) : !satisfies(taken.keySet())) {
            throw new Malformed("a credential that was asked for is missing");
        }
        return taken;
    }

    private boolean satisfies(Set<String> given) {
        boolean all = sets.stream().filter(CredentialSet::required).allMatch(set -> set.options().stream()
                .anyMatch(given::containsAll));
        Set<String> useful = new TreeSet<>();
        for (CredentialSet set : sets) {
            set.options().stream().filter(given::containsAll).forEach(useful::addAll);
        }
        return all && useful.containsAll(given);
    }
}
