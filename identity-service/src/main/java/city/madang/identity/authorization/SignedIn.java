package city.madang.identity.authorization;

import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.StrictJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who signed in, as an ID token says (OpenID Connect Core 1.0 §2 and §3.1.3.7).
 *
 * @param holder the person's {@code sub}
 * @param isCitizen whether it is somebody to whom credentials are issued
 * @param acr how well the person was authenticated
 * @param claims standard claims about the person: personal
 */
record SignedIn(String holder, boolean isCitizen, @Nullable String acr, Map<String, Object> claims) {

    private static final String TYPE = "JWT";
    private static final String ROLE = "citizen";

    /** How far the provider's clock may be ahead. */
    private static final long AHEAD_SECONDS = 60;

    /** OpenID Connect Core 1.0 §5.1 and OpenID Connect for Identity Assurance 1.0 §4: what describes a person. */
    private static final Set<String> PERSONAL = Set.of(
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "birthdate",
            "gender",
            "address",
            "email",
            "phone_number",
            "nationalities",
            "place_of_birth",
            "birth_family_name",
            "birth_given_name",
            "salutation",
            "title");

    /** The key of an ID token, by its {@code kid}. */
    interface Keys {
        @Nullable
        PublicJwk find(String kid);
    }

    /**
     * Checks an ID token that came straight from the provider's token endpoint.
     *
     * @param issuer the provider
     * @param clientId this service there
     * @param nonce of the authentication request
     */
    static SignedIn check(String idToken, Keys keys, String issuer, String clientId, String nonce, Instant now)
            throws Malformed {
        CompactJws jws = CompactJws.parse(idToken, TYPE);
        PublicJwk key = jws.header().get("kid") instanceof String kid ? keys.find(kid) : null;
        if (key == null || !jws.isSignedBy(key.toKey())) {
            throw new Malformed("the ID token is not signed by the provider");
        }
        Map<String, @Nullable Object> claims = jws.payload();
        if (!issuer.equals(claims.get("iss"))) {
            throw new Malformed("the ID token is of another provider");
        }
        if (!isFor(clientId, claims)) {
            throw new Malformed("the ID token is for another client");
        }
        if (!nonce.equals(claims.get("nonce"))) {
            throw new Malformed("the ID token is of another sign-in");
        }
        if (!(claims.get("exp") instanceof Number exp) || exp.longValue() <= now.getEpochSecond()) {
            throw new Malformed("the ID token has expired");
        }
        if (!(claims.get("iat") instanceof Number iat) || iat.longValue() > now.getEpochSecond() + AHEAD_SECONDS) {
            throw new Malformed("the ID token was issued in the future");
        }
        if (!(claims.get("sub") instanceof String holder) || holder.isEmpty()) {
            throw new Malformed("the ID token names nobody");
        }
        return new SignedIn(
                holder, isCitizen(claims), claims.get("acr") instanceof String acr ? acr : null, personal(claims));
    }

    private static boolean isFor(String clientId, Map<String, @Nullable Object> claims) {
        Object authorized = claims.get("azp");
        if (authorized != null && !clientId.equals(authorized)) {
            return false;
        }
        return clientId.equals(claims.get("aud"))
                || (claims.get("aud") instanceof List<?> all
                        && all.contains(clientId)
                        && (all.size() == 1 || authorized != null));
    }

    private static boolean isCitizen(Map<String, @Nullable Object> claims) {
        return claims.get("realm_access") instanceof Map<?, ?> access
                && access.get("roles") instanceof List<?> roles
                && roles.contains(ROLE);
    }

    private static Map<String, Object> personal(Map<String, @Nullable Object> claims) {
        Map<String, Object> personal = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            if (value != null && PERSONAL.contains(name)) {
                personal.put(name, value);
            }
        });
        return personal;
    }

    /** As it is kept while the citizen is asked. */
    String write() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holder", holder);
        json.put("citizen", isCitizen);
        if (acr != null) {
            json.put("acr", acr);
        }
        json.put("claims", claims);
        return StrictJson.write(json);
    }

    /** The reverse of {@link #write}. */
    static SignedIn read(String text) {
        try {
            Map<String, @Nullable Object> json = StrictJson.object(text);
            Map<String, Object> claims = new LinkedHashMap<>();
            if (json.get("claims") instanceof Map<?, ?> kept) {
                kept.forEach((name, value) -> claims.put(String.valueOf(name), value));
            }
            return new SignedIn(
                    String.valueOf(json.get("holder")),
                    Boolean.TRUE.equals(json.get("citizen")),
                    json.get("acr") instanceof String acr ? acr : null,
                    claims);
        } catch (Malformed damaged) {
            throw new IllegalStateException("a kept sign-in is damaged", damaged);
        }
    }

    /** Holds no claims. */
    @Override
    public String toString() {
        return "SignedIn[" + holder + "]";
    }
}
