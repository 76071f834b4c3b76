package city.madang.identity.authorization;

import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Exchanges a refresh token for new tokens (RFC 6749 §6). Each is good once (RFC 9700 §4.14.2): a grant counts its generations, and a token of
 * an older generation ends it. One exception: while no token of the newest generation was used, the last one may come again for
 * {@code madang.authorization.refresh-retry}, because its answer may have been lost; it is bound to the key that the
 * wallet is attested for, or else to its DPoP key, so that a thief of the token alone gains nothing.
 */
@ApplicationScoped
class RefreshExchange {

    private static final String INVALID = "invalid_grant";

    private final Tokens tokens;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    RefreshExchange(Tokens tokens, Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.settings = settings;
    }

    Uni<Tokens.Issued> exchange(TokenRequest request) {
        String token = Sha256.hex(request.get(TokenResource.REFRESH_TOKEN));
        String key = request.boundTo();
        // a refusal is given, not thrown, where the end of the grant is to be committed
        return sessions.withTransaction(session -> session.find(RefreshTokenEntity.class, token)
                        .chain(found -> found == null
                                ? nothing()
                                : session.find(GrantEntity.class, found.grant, LockMode.PESSIMISTIC_WRITE)
                                        .chain(grant -> {
                                            if (grant == null) {
                                                return nothing();
                                            }
                                            check(request, grant, key);
                                            return rotate(session, grant, found.generation, key);
                                        })))
                .map(issued ->
                        issued.orElseThrow(() -> Refusal.of(INVALID, "the refresh token is unknown, used or expired")));
    }

    private static void check(TokenRequest request, GrantEntity grant, String key) {
        if (!Instant.now().isBefore(grant.expiresAt)) {
            throw Refusal.of(INVALID, "the refresh token is unknown, used or expired");
        }
        if (grant.attestationJkt != null && !request.client().isAttested()) {
            throw Refusal.client("the client authenticated before, and must again");
        }
        if (grant.clientId != null && !grant.clientId.equals(request.client().id())
                || !Objects.equals(grant.attestationJkt, request.client().attestationJkt())) {
            throw Refusal.of(INVALID, "the refresh token is another wallet's");
        }
        // RFC 9449 §5: who authenticates needs no such bond; an attested wallet's refresh token is bound to its
        // attested key
        if (grant.attestationJkt == null && !key.equals(grant.dpopJkt)) {
            throw Refusal.of(INVALID, "the refresh token is bound to another DPoP key");
        }
    }

    private Uni<Optional<Tokens.Issued>> rotate(Mutiny.Session session, GrantEntity grant, int generation, String key) {
        Instant now = Instant.now();
        if (generation == grant.generation) {
            grant.generation++;
            grant.rotatedAt = now;
        } else if (generation != grant.generation - 1
                || grant.rotatedAt == null
                || now.isAfter(grant.rotatedAt.plus(settings.authorization().refreshRetry()))) {
            return session.remove(grant).chain(RefreshExchange::nothing);
        }
        return tokens.issue(session, grant, key).map(Optional::of);
    }

    private static Uni<Optional<Tokens.Issued>> nothing() {
        return Uni.createFrom().item(Optional.empty());
    }
}
