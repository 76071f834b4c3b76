package city.madang.kit.caller;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Whom the tokens that were checked lately named. Thread-safe. */
final class TokenMemory {

    /** The longest that a check counts: so soon is a token refused whose issuer has withdrawn the key that signed it. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** The most tokens, some 10 KiB each. */
    private static final int MOST = 5_000;

    private record Known(SecurityIdentity identity, Instant until) {}

    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LONGEST)
            .executor(Runnable::run)
            .build();

    /** Whom this very token named when it was checked, as long as it has not expired. */
    Optional<SecurityIdentity> find(String token, Instant now) {
        @Nullable Known found = known.getIfPresent(token);
        return found == null || !now.isBefore(found.until()) ? Optional.empty() : Optional.of(found.identity());
    }

    /** Remembers whom a token names that has been checked just now; one that does not say when it expires is forgotten at once. */
    void keep(String token, SecurityIdentity identity, Instant now) {
        if (identity.getPrincipal() instanceof JsonWebToken claims) {
            Instant expires = Instant.ofEpochSecond(claims.getExpirationTime());
            Instant latest = now.plus(LONGEST);
            known.put(token, new Known(bare(identity), expires.isBefore(latest) ? expires : latest));
        }
    }

    /** Without what belongs to the request in which the token was checked. */
    private static SecurityIdentity bare(SecurityIdentity identity) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(identity.getPrincipal())
                .addRoles(identity.getRoles())
                .addCredentials(identity.getCredentials())
                .build();
    }
}
