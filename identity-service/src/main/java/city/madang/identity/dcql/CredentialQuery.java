package city.madang.identity.dcql;

import city.madang.identity.jose.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One credential that is asked for (OpenID4VP 1.0 §6.1).
 *
 * @param types {@code vct} values or the {@code doctype} that may be given
 * @param multiple whether several credentials may be given
 * @param authorities who must have certified the issuer; null if anyone whom the city trusts
 * @param holderBinding whether the holder must have signed for the request
 * @param claims claims asked for; empty if only what is never hidden
 * @param claimSets combinations of them, in the verifier's order of preference; one with all if none were given
 */
record CredentialQuery(
        String id,
        PresentationFormat format,
        List<String> types,
        boolean multiple,
        @Nullable TrustedAuthorities authorities,
        boolean holderBinding,
        List<ClaimQuery> claims,
        List<List<ClaimQuery>> claimSets) {

    static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,60}");

    /** Credentials that may be given where several may. */
    private static final int MOST_PRESENTATIONS = 10;

    /**
     * What was asked for, from credentials that give exactly that.
     *
     * @return the claims of the one credential; or a list of such claims where several may be given
     * @throws Malformed if they give less, or anything beyond
     */
    Object take(List<PresentedCredential> given) throws Malformed {
        if (given.isEmpty() || given.size() > (multiple ? MOST_PRESENTATIONS : 1)) {
            throw new Malformed("not as many credentials were given as were asked for");
        }
        List<Map<String, @Nullable Object>> taken = new ArrayList<>();
        for (PresentedCredential credential : given) {
            taken.add(take(credential));
        }
        return multiple ? taken : taken.getFirst();
    }

    private Map<String, @Nullable Object> take(PresentedCredential credential) throws Malformed {
        if (credential.format() != format || !types.contains(credential.type())) {
            throw new Malformed("the credential is not of a type that was asked for");
        }
        if (holderBinding && !credential.holderBound()) {
            throw new Malformed("the presentation has no key binding");
        }
        if (authorities != null && !authorities.certify(credential)) {
            throw new Malformed("the issuer is not certified by an authority that was asked for");
        }
        boolean enough = false;
        for (List<ClaimQuery> set : claimSets) {
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

    private static Map<String, @Nullable Object> pick(List<ClaimQuery> set, Map<String, @Nullable Object> claims) {
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
}
