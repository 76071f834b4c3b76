package city.madang.gateway.tokens;

import city.madang.gateway.cache.Caches;
import com.github.benmanes.caffeine.cache.Cache;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads Keycloak's access tokens (RFC 9068, as far as Keycloak follows it): signature, algorithm, issuer, audience, time. What was found good
 * is remembered by the token's hash until it expires or a signing key is withdrawn, so that a caller's second request
 * costs a hash instead of a signature. A token that was revoked at Keycloak goes on until it expires, as in the services.
 */
public final class TokenVerifier {

    private final Terms terms;
    private final InstantSource clock;
    private final Set<JWSAlgorithm> algorithms;
    private final Cache<ByteBuffer, AccessToken> good;
    private final SigningKeys keys;

    /**
     * What a token must be.
     *
     * @param issuer {@code iss}
     * @param audience must be in {@code aud}
     * @param algorithms of signatures, e.g. {@code ES256}
     * @param leewaySeconds how far clocks may be apart
     * @param remembered how many good tokens are remembered
     */
    public record Terms(String issuer, String audience, Set<String> algorithms, int leewaySeconds, int remembered) {}

    /** What became of a token. */
    public sealed interface Verdict {
        /** It counts. */
        record Good(AccessToken token) implements Verdict {}

        /**
         * It does not count.
         *
         * @param why a sentence for the caller
         */
        record Bad(String why) implements Verdict {}

        /** Nobody knows: the keys can't be fetched. */
        record Unknown() implements Verdict {}
    }

    /**
     * A verifier.
     *
     * @param clock of the times in tokens
     * @param nanoClock of the times between fetches
     * @param keySet gives Keycloak's key set as JSON
     */
    public TokenVerifier(Terms terms, InstantSource clock, LongSupplier nanoClock, Supplier<Future<String>> keySet) {
        this.terms = terms;
        this.clock = clock;
        this.algorithms = terms.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet());
        this.good = Caches.bounded(terms.remembered()).build();
        this.keys = new SigningKeys(keySet, nanoClock, good::invalidateAll);
    }

    /** Seconds since the epoch. */
    long now() {
        return clock.millis() / 1000;
    }

    /** Verifies a token. The future always succeeds, at once unless keys have to be fetched, else on any thread. */
    public Future<Verdict> verify(String token) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(token));
        AccessToken known = good.getIfPresent(hash);
        if (known != null) {
            if (now() < known.expires() + terms.leewaySeconds()) {
                return Future.succeededFuture(new Verdict.Good(known));
            }
            good.invalidate(hash);
            return Future.succeededFuture(new Verdict.Bad("the token has expired"));
        }
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
        } catch (ParseException malformed) {
            return Future.succeededFuture(new Verdict.Bad("the token is malformed"));
        }
        if (!algorithms.contains(jwt.getHeader().getAlgorithm())) {
            return Future.succeededFuture(new Verdict.Bad("the token is signed by an algorithm that is not accepted"));
        }
        return keys.find(jwt.getHeader())
                .map(verifier -> judge(jwt, verifier, hash))
                .otherwise(away -> new Verdict.Unknown());
    }

    private Verdict judge(SignedJWT jwt, @Nullable JWSVerifier verifier, ByteBuffer hash) {
        try {
            if (verifier == null) {
                return new Verdict.Bad("the token is signed by an unknown key");
            }
            if (!jwt.verify(verifier)) {
                return new Verdict.Bad("the token's signature is wrong");
            }
            Verdict verdict = judge(jwt.getJWTClaimsSet());
            if (verdict instanceof Verdict.Good(AccessToken token)) {
                good.put(hash, token);
            }
            return verdict;
        } catch (JOSEException | ParseException malformed) {
            return new Verdict.Bad("the token is malformed");
        }
    }

    private Verdict judge(JWTClaimsSet claims) throws ParseException {
        if (!terms.issuer().equals(claims.getIssuer())) {
            return new Verdict.Bad("the token is of another issuer");
        }
        if (!claims.getAudience().contains(terms.audience())) {
            return new Verdict.Bad("the token is not for this API");
        }
        Date expires = claims.getExpirationTime();
        long now = now();
        if (expires == null || now >= seconds(expires) + terms.leewaySeconds()) {
            return new Verdict.Bad("the token has expired");
        }
        if (claims.getNotBeforeTime() != null && now < seconds(claims.getNotBeforeTime()) - terms.leewaySeconds()) {
            return new Verdict.Bad("the token is not valid yet");
        }
        if (claims.getSubject() == null) {
            return new Verdict.Bad("the token names no subject");
        }
        @Nullable Map<String, Object> confirmation = claims.getJSONObjectClaim("cnf");
        return new Verdict.Good(new AccessToken(
                claims.getSubject(),
                claims.getStringClaim("agency"),
                seconds(expires),
                member(confirmation, "jkt"),
                member(confirmation, "x5t#S256")));
    }

    private static @Nullable String member(@Nullable Map<String, Object> confirmation, String name) {
        return confirmation != null && confirmation.get(name) instanceof String text ? text : null;
    }

    private static long seconds(Date date) {
        return date.getTime() / 1000;
    }
}
