package city.madang.identity.issuance;

import city.madang.identity.jose.ServerNonces;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** Nonces for key proofs (OpenID4VCI 1.0 clause 7): each is good once, and not for long. */
@ApplicationScoped
public class Nonces {

    private final ServerNonces nonces;
    private final Pool pool;
    private final IdentitySettings settings;

    Nonces(ServerNonces nonces, Pool pool, IdentitySettings settings) {
        this.nonces = nonces;
        this.pool = pool;
        this.settings = settings;
    }

    String create() {
        return nonces.next(ServerNonces.Purpose.KEY_PROOF, settings.offer().nonceLifetime());
    }

    /** Uses the nonce up within the session's transaction; false if it is unknown, used or expired. */
    Uni<Boolean> use(Mutiny.Session session, String nonce) {
        Optional<Instant> expiry = nonces.expiry(ServerNonces.Purpose.KEY_PROOF, nonce);
        if (expiry.isEmpty()) {
            return Uni.createFrom().item(false);
        }
        return session.createNativeQuery(
                        "insert into used_nonce (sha256, expires_at) values (?1, ?2) on conflict do nothing")
                .setParameter(1, Sha256.hex(nonce))
                .setParameter(2, expiry.get().atOffset(ZoneOffset.UTC))
                .executeUpdate()
                .map(inserted -> inserted == 1);
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> forgetExpired() {
        return pool.query("delete from used_nonce where expires_at <= now()")
                .execute()
                .replaceWithVoid();
    }
}
