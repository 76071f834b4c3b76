package city.madang.identity.issuance;

import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import org.hibernate.reactive.mutiny.Mutiny;

/** Nonces for key proofs (OpenID4VCI 1.0 clause 7): each is good once, and not for long. */
@ApplicationScoped
public class Nonces {

    private final Pool pool;
    private final IdentitySettings settings;

    Nonces(Pool pool, IdentitySettings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    Uni<String> create() {
        String nonce = Secrets.next();
        Instant expires = Instant.now().plus(settings.offer().nonceLifetime());
        return pool.preparedQuery("insert into nonce (sha256, expires_at) values ($1, $2)")
                .execute(Tuple.of(Sha256.hex(nonce), expires.atOffset(ZoneOffset.UTC)))
                .replaceWith(nonce);
    }

    /** Uses the nonce up within the session's transaction; false if it is unknown, used or expired. */
    Uni<Boolean> use(Mutiny.Session session, String nonce) {
        return session.createNativeQuery("delete from nonce where sha256 = ?1 and expires_at > now()")
                .setParameter(1, Sha256.hex(nonce))
                .executeUpdate()
                .map(deleted -> deleted == 1);
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query("delete from nonce where expires_at <= now()")
                .execute()
                .replaceWithVoid();
    }
}
