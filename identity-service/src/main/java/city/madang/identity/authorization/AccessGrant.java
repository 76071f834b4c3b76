package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.offers.Fulfilment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an access token is for.
 *
 * @param id of the grant: all tokens that came from one sign-in or one offer share it
 * @param holder the citizen's {@code sub}
 * @param offer the credential offer that it redeems; then it is for one issuance only
 * @param offered what stands in that offer; null where there is none, or it was withdrawn or has expired
 * @param credentials what may be fetched, at least one
 * @param assurance {@code acr} of the sign-in, if there was one
 * @param signInClaims what the sign-in said of the citizen ({@code family_name}, {@code given_name}, …); empty without one
 */
public record AccessGrant(
        UUID id,
        String holder,
        @Nullable UUID offer,
        Fulfilment.@Nullable Offered offered,
        List<Granted> credentials,
        @Nullable String assurance,
        Map<String, Object> signInClaims) {

    /**
     * A credential that may be fetched.
     *
     * @param configuration its {@code credential_configuration_id}
     * @param identifiers the {@code credential_identifiers} that the token response named; empty: the wallet asks by
     *     {@code credential_configuration_id}
     */
    public record Granted(String configuration, List<String> identifiers) {

        public Granted {
            identifiers = List.copyOf(identifiers);
        }

        /** The same, asked for by {@code authorization_details}: the wallet must use the identifiers from now on. */
        Granted identified() {
            return new Granted(configuration, List.of(configuration));
        }
    }

    /** As it is kept in the database. */
    static String write(List<Granted> credentials) {
        return StrictJson.write(credentials.stream()
                .map(one -> Map.of("configuration", one.configuration(), "identifiers", one.identifiers()))
                .toList());
    }

    /** The reverse of {@link #write}. */
    static List<Granted> read(String json) {
        try {
            return StrictJson.array(json).stream().map(AccessGrant::granted).toList();
        } catch (Malformed damaged) {
            throw new IllegalStateException("a grant's credentials are damaged", damaged);
        }
    }

    private static Granted granted(@Nullable Object json) {
        if (json instanceof Map<?, ?> one
                && one.get("configuration") instanceof String configuration
                && one.get("identifiers") instanceof List<?> identifiers) {
            return new Granted(
                    configuration, identifiers.stream().map(String::valueOf).toList());
        }
        throw new IllegalStateException("a grant's credentials are damaged");
    }

    /** What was kept of the sign-in. */
    static Map<String, Object> claims(@Nullable String json) {
        if (json == null) {
            return Map.of();
        }
        try {
            Map<String, Object> claims = new LinkedHashMap<>();
            StrictJson.object(json).forEach((name, value) -> {
                if (value != null) {
                    claims.put(name, value);
                }
            });
            return claims;
        } catch (Malformed damaged) {
            throw new IllegalStateException("a grant's claims are damaged", damaged);
        }
    }

    /** Holds no claims: a grant may end up in a log line. */
    @Override
    public String toString() {
        return "AccessGrant[" + id + "]";
    }
}
