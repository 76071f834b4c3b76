package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an agency asks for (OpenID4VP 1.0 clause 6). */
public final class DcqlQuery {

    private static final int MOST_CREDENTIALS = 10;

    private final Map<String, CredentialQuery> credentials;
    private final CredentialSets sets;

    private DcqlQuery(Map<String, CredentialQuery> credentials, CredentialSets sets) {
        this.credentials = credentials;
        this.sets = sets;
    }

    /** @throws Malformed with the reason, if it is no query or one that this verifier cannot check */
    public static DcqlQuery parse(Map<String, ?> json) throws Malformed {
        Map<String, CredentialQuery> credentials = new LinkedHashMap<>();
        for (Object each : JsonList.of(json.get("credentials"), MOST_CREDENTIALS, "credentials")) {
            CredentialQuery query = CredentialQueryReader.read(each);
            if (credentials.put(query.id(), query) != null) {
                throw new Malformed("an id of a credential query stands twice");
            }
        }
        return new DcqlQuery(credentials, CredentialSets.parse(json.get("credential_sets"), credentials.keySet()));
    }

    /** All types that may be given: {@code vct} values and doctypes. */
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
        return credentials.values().stream()
                .map(query -> new Asked(
                        query.id(),
                        Set.copyOf(query.types()),
                        query.claims().stream()
                                .map(claim -> claim.path().steps())
                                .toList()))
                .toList();
    }

    /** The format that the credential query of this id asks for; empty if there is no such query. */
    public Optional<PresentationFormat> formatOf(String id) {
        return Optional.ofNullable(credentials.get(id)).map(CredentialQuery::format);
    }

    /** Whether the holder's signature is needed for the credential query of this id. */
    public boolean needsHolderBinding(String id) {
        CredentialQuery query = credentials.get(id);
        return query != null && query.holderBinding();
    }

    /**
     * What was asked for, by the id of the credential query, from an answer that gives exactly that: the claims of one
     * credential, or a list of such claims where {@code multiple} was said.
     *
     * @throws Malformed if something is missing or goes beyond the query
     */
    public Map<String, Object> take(Map<String, List<PresentedCredential>> answer) throws Malformed {
        Map<String, Object> taken = new LinkedHashMap<>();
        for (Map.Entry<String, List<PresentedCredential>> given : answer.entrySet()) {
            CredentialQuery query = credentials.get(given.getKey());
            if (query == null) {
                throw new Malformed("a credential was given that was not asked for");
            }
            taken.put(query.id(), query.take(given.getValue()));
        }
        if (!sets.areSatisfiedExactlyBy(taken.keySet())) {
            throw new Malformed("the credentials given are not a combination that was asked for");
        }
        return taken;
    }
}
