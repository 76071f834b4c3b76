package city.madang.identity.authorization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An ID token is taken only from the provider, for this client, of this sign-in, in time. */
class SignedInTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String PROVIDER = "https://city.example/auth/realms/madang";
    private static final String CLIENT = "madang-identity";
    private static final ECKey KEY = key();

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new AssertionError(broken);
        }
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(PROVIDER)
                .audience(CLIENT)
                .subject("8f14e45f-0000-4000-8000-000000000001")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .claim("nonce", "n")
                .claim("acr", "1")
                .claim("realm_access", Map.of("roles", List.of("citizen")))
                .claim("family_name", "김")
                .claim("session_state", "s");
        change.accept(claims);
        return claims.build();
    }

    private static String token(Consumer<JWTClaimsSet.Builder> change) throws Exception {
        return token(KEY, "k1", claims(change));
    }

    private static String token(ECKey key, String kid, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .keyID(kid)
                        .build(),
                claims);
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private static SignedIn check(String token) throws Malformed {
        return SignedIn.check(
                token,
                kid -> {
                    try {
                        return kid.equals("k1") ? PublicJwk.of(KEY.toECPublicKey()) : null;
                    } catch (com.nimbusds.jose.JOSEException broken) {
                        throw new AssertionError(broken);
                    }
                },
                PROVIDER,
                CLIENT,
                "n",
                NOW);
    }

    @Test
    void a_good_token_says_who_it_is_and_only_what_describes_a_person() throws Exception {
        SignedIn who = check(token(claims -> {}));
        assertEquals("8f14e45f-0000-4000-8000-000000000001", who.holder());
        assertTrue(who.isCitizen());
        assertEquals("1", who.acr());
        assertEquals(Set.of("family_name"), who.claims().keySet());
        assertEquals(who, SignedIn.read(who.write()));
        assertFalse(who.toString().contains("김"));
    }

    @Test
    void a_token_for_several_is_taken_only_if_this_client_asked_for_it() throws Exception {
        check(token(claims -> claims.audience(List.of(CLIENT, "other")).claim("azp", CLIENT)));
        refused(token(claims -> claims.audience(List.of(CLIENT, "other"))));
        refused(token(claims -> claims.audience(List.of(CLIENT, "other")).claim("azp", "other")));
    }

    @Test
    void whoever_has_not_the_role_is_no_citizen() throws Exception {
        assertFalse(check(token(claims -> claims.claim("realm_access", Map.of("roles", List.of("officer")))))
                .isCitizen());
        assertFalse(check(token(claims -> claims.claim("realm_access", null))).isCitizen());
        assertFalse(
                check(token(claims -> claims.claim("realm_access", "citizen"))).isCitizen());
    }

    @Test
    void forged_and_misdirected_tokens_are_refused() throws Exception {
        refused(token(claims -> claims.issuer("https://evil.example")));
        refused(token(claims -> claims.audience("other")));
        refused(token(claims -> claims.audience((String) null)));
        refused(token(claims -> claims.claim("azp", "other")));
        refused(token(claims -> claims.claim("nonce", "other")));
        refused(token(claims -> claims.claim("nonce", null)));
        refused(token(claims -> claims.expirationTime(Date.from(NOW))));
        refused(token(claims -> claims.expirationTime(null)));
        refused(token(claims -> claims.issueTime(Date.from(NOW.plusSeconds(120)))));
        refused(token(claims -> claims.subject(null)));
        refused(token(key(), "k1", claims(claims -> {})));
        refused(token(KEY, "k2", claims(claims -> {})));
        String[] parts = token(claims -> {}).split("\\.");
        refused(Base64URL.encode("{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"k1\"}") + "." + parts[1] + ".");
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .keyID("k1")
                        .build(),
                claims(claims -> {}));
        mac.sign(new MACSigner(KEY.toECPublicKey().getEncoded()));
        refused(mac.serialize());
    }

    private static void refused(String token) {
        assertThrows(Malformed.class, () -> check(token));
    }

    @Test
    void a_level_satisfies_itself_and_what_is_weaker() {
        List<String> levels = List.of("0", "1", "2");
        assertTrue(Assurance.satisfies(levels, null, null));
        assertTrue(Assurance.satisfies(levels, "1", "1"));
        assertTrue(Assurance.satisfies(levels, "2", "1"));
        assertTrue(Assurance.satisfies(levels, "2", "1 2"));
        assertFalse(Assurance.satisfies(levels, "1", "1 2"));
        assertFalse(Assurance.satisfies(levels, "0", "1"));
        assertFalse(Assurance.satisfies(levels, null, "0"));
        assertFalse(Assurance.satisfies(levels, "unheard-of", "0"));
        assertFalse(Assurance.satisfies(levels, "2", "unheard-of"));
        assertTrue(Assurance.satisfies(levels, "unheard-of", "unheard-of"));
    }
}
