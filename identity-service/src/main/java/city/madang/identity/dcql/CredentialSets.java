package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which combinations of credentials satisfy the verifier (OpenID4VP 1.0 §6.2, §6.4.2). */
record CredentialSets(List<CredentialSet> sets) {

    private static final int MOST = 10;

    /** One of the options is needed, unless it is not required. */
    record CredentialSet(List<Set<String>> options, boolean required) {}

    /** @param ids of the credential queries; each is needed if {@code json} is null */
    static CredentialSets parse(@Nullable Object json, Set<String> ids) throws Malformed {
        if (json == null) {
            return new CredentialSets(List.of(new CredentialSet(List.of(Set.copyOf(ids)), true)));
        }
        List<CredentialSet> sets = new ArrayList<>();
        for (Object each : JsonList.of(json, MOST, "credential_sets")) {
            if (!(each instanceof Map<?, ?> set)) {
                throw new Malformed("a credential set must be an object");
            }
            @Nullable Object required = set.get("required");
            if (required != null && !(required instanceof Boolean)) {
                throw new Malformed("required must be true or false");
            }
            List<Set<String>> options = new ArrayList<>();
            for (Object option : JsonList.of(set.get("options"), MOST, "options")) {
                options.add(option(option, ids));
            }
            sets.add(new CredentialSet(List.copyOf(options), !Boolean.FALSE.equals(required)));
        }
        return new CredentialSets(List.copyOf(sets));
    }

    private static Set<String> option(Object json, Set<String> ids) throws Malformed {
        Set<String> members = new TreeSet<>();
        for (Object id : JsonList.of(json, MOST, "an option")) {
            if (!(id instanceof String text) || !ids.contains(text)) {
                throw new Malformed("an option names no credential query");
            }
            members.add(text);
        }
        return Set.copyOf(members);
    }

    /**
     * Whether what was given is one option of each required set, and of other sets one at most, and nothing beyond.
     * There are at most 10 credentials, so at most 1024 combinations are ever looked at for each option.
     */
    boolean areSatisfiedExactlyBy(Set<String> given) {
        Set<Set<String>> reached = new HashSet<>();
        reached.add(Set.of());
        for (CredentialSet set : sets) {
            Set<Set<String>> next = set.required() ? new HashSet<>() : new HashSet<>(reached);
            for (Set<String> option : set.options()) {
                if (given.containsAll(option)) {
                    for (Set<String> before : reached) {
                        Set<String> union = new HashSet<>(before);
                        union.addAll(option);
                        next.add(union);
                    }
                }
            }
            reached = next;
        }
        return reached.contains(given);
    }
}
