package city.madang.identity.authorization;

import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes tokens for a grant: opaque, and only their hashes are kept. */
@ApplicationScoped
class Tokens {

    private final IdentitySettings settings;

    Tokens(IdentitySettings settings) {
        this.settings = settings;
    }

    /**
     * What a token response is made of.
     *
     * @param refreshToken absent if the grant is bound to no key: a stolen one could be used for as long as the grant lives
     */
    record Issued(GrantEntity grant, String accessToken, @Nullable String refreshToken, long expiresInSeconds) {
        @Override
        public String toString() {
            return "Issued[" + grant.id + "]";
        }
    }

    /** An access token, and a refresh token of the grant's generation if the grant is bound to a key. */
    Uni<Issued> issue(Mutiny.Session session, GrantEntity grant) {
        return issue(session, grant, grant.dpopJkt);
    }

    /** @param dpopJkt thumbprint of the key that the access token is bound to */
    Uni<Issued> issue(Mutiny.Session session, GrantEntity grant, @Nullable String dpopJkt) {
        Instant now = Instant.now();
        Instant wanted = now.plus(settings.authorization().accessTokenLifetime());
        Instant until = wanted.isBefore(grant.expiresAt) ? wanted : grant.expiresAt;
        String access = Secrets.next();
        AccessTokenEntity accessToken = new AccessTokenEntity();
        accessToken.sha256 = Sha256.hex(access);
        accessToken.grant = grant.id;
        accessToken.dpopJkt = dpopJkt;
        accessToken.expiresAt = until;
        long seconds = Duration.between(now, until).toSeconds();
        if (grant.dpopJkt == null) {
            return session.persist(accessToken).replaceWith(new Issued(grant, access, null, seconds));
        }
        String refresh = Secrets.next();
        RefreshTokenEntity refreshToken = new RefreshTokenEntity();
        refreshToken.sha256 = Sha256.hex(refresh);
        refreshToken.grant = grant.id;
        refreshToken.generation = grant.generation;
        return session.persistAll(accessToken, refreshToken).replaceWith(new Issued(grant, access, refresh, seconds));
    }
}
