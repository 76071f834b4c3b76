package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import city.madang.identity.sdjwt.Presented;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One credential that is asked for (OpenID4VP 1.0 §6.1), of the format {@code dc+sd-jwt} and bound to its holder.
 *
 * @param claims claims asked for; empty if only what is never hidden
 * @param claimSets combinations of them, in the verifier's order of preference; one with all if none were given
 */
record CredentialQuery(String id, List<String> vctValues, List<Claim> claims, List<List<Claim>> claimSets) {

    static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,60}");
    /** A StringOrURI that is printable. */
    private static final Pattern VCT = Pattern.compile("[\\x21-\\x7e]+");

    private static final int MOST_CLAIMS = 50;
    private static final int MOST_VALUES = 20;
    private static final int LONGEST = 300;

    /** @param values allowed values; any if empty (§6.3) */
    record Claim(ClaimsPath path, List<Object> values) {
        boolean isSatisfiedBy(Map<String, @Nullable Object> disclosed) {
            List<@Nullable Object> selected = path.select(disclosed);
            return !selected.isEmpty() && (values.isEmpty() || selected.stream().anyMatch(values::contains));
        }
    }

    static CredentialQuery parse(@Nullable Object json) throws Malformed {
        if (!(json instanceof Map<?, ?> query)
                || !(query.get("id") instanceof String id)
                || !ID.matcher(id).matches()) {
            throw new Malformed("a credential query needs an id of 1 to 60 letters, digits, - or _");
        }
        if (!"dc+sd-jwt".equals(query.get("format"))) {
            throw new Malformed("the format must be dc+sd-jwt");
        }
        if (Boolean.TRUE.equals(query.get("multiple"))
                || Boolean.FALSE.equals(query.get("require_cryptographic_holder_binding"))
                || query.containsKey("trusted_authorities")) {
            throw new Malformed(
                    "multiple, trusted_authorities and credentials without holder binding are not supported");
        }
        Map<String, Claim> byId = new HashMap<>();
        List<Claim> claims = claims(query.get("claims"), byId);
        return new CredentialQuery(
                id, vctValues(query.get("meta")), claims, claimSets(query.get("claim_sets"), claims, byId));
    }

    private static List<String> vctValues(@Nullable Object meta) throws Malformed {
        if (!(meta instanceof Map<?, ?> map)) {
            throw new Malformed("a credential query needs meta.vct_values");
        }
        List<String> values = new ArrayList<>();
        for (Object value : list(map.get("vct_values"), MOST_VALUES, "meta.vct_values")) {
            if (!(value instanceof String vct)
                    || vct.length() > LONGEST
                    || !VCT.matcher(vct).matches()) {
                throw new Malformed("meta.vct_values must hold texts");
            }
            values.add(vct);
        }
        return List.copyOf(values);
    }

    private static List<Claim> claims(@Nullable Object json, Map<String, Claim> byId) throws Malformed {
        List<Claim> claims = new ArrayList<>();
        if (json == null) {
            return claims;
        }
        for (Object each : list(json, MOST_CLAIMS, "claims")) {
            if (!(each instanceof Map<?, ?> query)) {
                throw new Malformed("a claims query must be an object");
            }
            List<Object> values = new ArrayList<>();
            if (query.containsKey("values")) {
                for (Object value : list(query.get("values"), MOST_VALUES, "values")) {
                    boolean comparable = value instanceof String
                            || value instanceof Integer
                            || value instanceof Long
                            || value instanceof Boolean;
                    if (!comparable) {
                        throw new Malformed("values must hold texts, integers or booleans");
                    }
                    values.add(value);
                }
            }
            Claim claim = new Claim(ClaimsPath.parse(query.get("path")), List.copyOf(values));
            claims.add(claim);
            @Nullable Object id = query.get("id");
            if (id != null
                    && (!(id instanceof String text) || !ID.matcher(text).matches() || byId.put(text, claim) != null)) {
                throw new Malformed("the id of a claims query is malformed or stands twice");
            }
        }
        return claims;
    }

    private static List<List<Claim>> claimSets(@Nullable Object json, List<Claim> claims, Map<String, Claim> byId)
            throws Malformed {
        if (json == null) {
            return List.of(claims);
        }
        List<List<Claim>> sets = new ArrayList<>();
        for (Object set : list(json, MOST_VALUES, "claim_sets")) {
            List<Claim> members = new ArrayList<>();
            for (Object id : list(set, MOST_CLAIMS, "a claim set")) {
                Claim claim = id instanceof String text ? byId.get(text) : null;
                if (claim == null) {
                    throw new Malformed("a claim set names no claims query");
                }
                members.add(claim);
            }
            sets.add(members);
        }
        return sets;
    }

    static List<?> list(@Nullable Object json, int most, String name) throws Malformed {
        if (json instanceof List<?> list && !list.isEmpty() && list.size() <= most) {
            return list;
        }
        throw new Malformed(name + " must be an array of 1 to " + most);
    }

    /**
     * The claims that were asked for, from a credential that gives exactly them.
     *
     * @throws Malformed if it gives less, or anything beyond
     */
    Map<String, @Nullable Object> take(Presented credential) throws Malformed {
        if (!vctValues.contains(credential.vct())) {
            throw new Malformed("the credential is not of a type that was asked for");
        }
        boolean enough = false;
        for (List<Claim> set : claimSets) {
            if (!set.stream().allMatch(claim -> claim.isSatisfiedBy(credential.claims()))) {
                continue;
            }
            enough = true;
            boolean exact = credential.disclosed().stream().allMatch(place -> set.stream()
                    .anyMatch(claim -> claim.path().covers(place)));
            if (exact) {
                return pick(set, credential.claims());
            }
        }
        throw new Malformed(enough ? "more was disclosed than was asked for" : "a claim that was asked for is missing");
    }

    private static Map<String, @Nullable Object> pick(List<Claim> set, Map<String, @Nullable Object> claims) {
        List<List<@Nullable Object>> paths =
                set.stream().map(claim -> claim.path().steps()).toList();
        Map<String, @Nullable Object> picked = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            List<List<@Nullable Object>> further = ClaimsPath.after(name, paths);
            if (!further.isEmpty()) {
                picked.put(name, ClaimsPath.pick(value, further));
            }
        });
        return picked;
    }

    DcqlQuery.Asked asked() {
        return new DcqlQuery.Asked(
                id, types(), claims.stream().map(claim -> claim.path().steps()).toList());
    }

    /** Types that may be given for this query. */
    Set<String> types() {
        return Set.copyOf(vctValues);
    }
}
