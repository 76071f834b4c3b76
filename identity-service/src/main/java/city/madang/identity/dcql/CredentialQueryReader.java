package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a Credential Query (OpenID4VP 1.0 §6.1); what it does not know it leaves aside, as §6 demands. */
final class CredentialQueryReader {

    /** A StringOrURI that is printable, as a {@code vct} and a {@code doctype} are. */
    private static final Pattern TYPE = Pattern.compile("[\\x21-\\x7e]{1,300}");

    private static final int MOST_TYPES = 20;
    private static final int MOST_CLAIMS = 50;
    private static final int MOST_SETS = 20;

    private CredentialQueryReader() {}

    static CredentialQuery read(@Nullable Object json) throws Malformed {
        if (!(json instanceof Map<?, ?> query)
                || !(query.get("id") instanceof String id)
                || !CredentialQuery.ID.matcher(id).matches()) {
            throw new Malformed("a credential query needs an id of 1 to 60 letters, digits, - or _");
        }
        PresentationFormat format = PresentationFormat.parse(query.get("format"));
        List<ClaimQuery> claims = claims(query.get("claims"), format);
        return new CredentialQuery(
                id,
                format,
                types(query.get("meta"), format),
                flag(query, "multiple", false),
                TrustedAuthorities.parse(query.get("trusted_authorities")),
                flag(query, "require_cryptographic_holder_binding", true),
                claims,
                claimSets(query.get("claim_sets"), claims));
    }

    private static boolean flag(Map<?, ?> query, String name, boolean otherwise) throws Malformed {
        @Nullable Object value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new Malformed(name + " must be true or false");
    }

    private static List<String> types(@Nullable Object meta, PresentationFormat format) throws Malformed {
        if (!(meta instanceof Map<?, ?> map)) {
            throw new Malformed("a credential query needs meta");
        }
        List<String> types = new ArrayList<>();
        if (format == PresentationFormat.MSO_MDOC) {
            types.add(type(map.get("doctype_value"), "meta.doctype_value"));
        } else {
            for (Object value : JsonList.of(map.get("vct_values"), MOST_TYPES, "meta.vct_values")) {
                types.add(type(value, "meta.vct_values"));
            }
        }
        return List.copyOf(types);
    }

    private static String type(@Nullable Object value, String name) throws Malformed {
        if (value instanceof String type && TYPE.matcher(type).matches()) {
            return type;
        }
        throw new Malformed(name + " must hold printable text of at most 300");
    }

    private static List<ClaimQuery> claims(@Nullable Object json, PresentationFormat format) throws Malformed {
        List<ClaimQuery> claims = new ArrayList<>();
        if (json == null) {
            return claims;
        }
        Set<String> ids = new HashSet<>();
        Set<ClaimsPath> paths = new HashSet<>();
        for (Object each : JsonList.of(json, MOST_CLAIMS, "claims")) {
            ClaimQuery claim = ClaimQuery.parse(each, format);
            if (claim.id() != null && !ids.add(claim.id())) {
                throw new Malformed("the id of a claims query stands twice");
            }
            if (!paths.add(claim.path())) {
                throw new Malformed("two claims queries point to the same claim");
            }
            claims.add(claim);
        }
        return List.copyOf(claims);
    }

    private static List<List<ClaimQuery>> claimSets(@Nullable Object json, List<ClaimQuery> claims) throws Malformed {
        if (json == null) {
            return List.of(claims);
        }
        Map<String, ClaimQuery> byId = new HashMap<>();
        for (ClaimQuery claim : claims) {
            if (claim.id() == null) {
                throw new Malformed("with claim_sets each claims query needs an id");
            }
            byId.put(claim.id(), claim);
        }
        List<List<ClaimQuery>> sets = new ArrayList<>();
        for (Object set : JsonList.of(json, MOST_SETS, "claim_sets")) {
            List<ClaimQuery> members = new ArrayList<>();
            for (Object id : JsonList.of(set, MOST_CLAIMS, "a claim set")) {
                ClaimQuery claim = id instanceof String text ? byId.get(text) : null;
                if (claim == null) {
                    throw new Malformed("a claim set names no claims query");
                }
                members.add(claim);
            }
            sets.add(List.copyOf(members));
        }
        return List.copyOf(sets);
    }
}
