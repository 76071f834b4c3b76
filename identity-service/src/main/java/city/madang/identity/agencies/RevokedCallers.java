package city.madang.identity.agencies;

import city.madang.identity.problem.IdentityProblem;
import city.madang.kit.caller.CurrentCaller;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses those who act for a revoked agency, whose tokens are good until they expire, at every operation that needs a token. A
 * registrar is never refused: somebody must be able to reinstate.
 */
@ApplicationScoped
public class RevokedCallers {

    /** So long another instance's revocation may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    /** More agencies than any city has. */
    private static final int MOST = 10_000;

    private final CurrentIdentityAssociation identity;
    private final Pool pool;
    private final Cache<String, Boolean> revoked = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();

    RevokedCallers(CurrentIdentityAssociation identity, Pool pool) {
        this.identity = identity;
        this.pool = pool;
    }

    void forget(@Observes AgencyChanged changed) {
        revoked.invalidate(changed.agency());
    }

    @ServerRequestFilter
    public Uni<@Nullable Response> refuse(ResourceInfo resource) {
        // wallets' own tokens go to operations without roles, and are not looked at here
        if (resource.getResourceMethod() == null
                || !resource.getResourceMethod().isAnnotationPresent(RolesAllowed.class)) {
            return Uni.createFrom().nullItem();
        }
        return identity.getDeferredIdentity().chain(this::refuse);
    }

    private Uni<@Nullable Response> refuse(SecurityIdentity caller) {
        boolean acts = caller.hasRole(CurrentCaller.AGENCY) || caller.hasRole(CurrentCaller.OFFICER);
        if (!acts
                || caller.hasRole(CurrentCaller.REGISTRAR)
                || !(caller.getPrincipal() instanceof JsonWebToken token)
                || !(token.getClaim("agency") instanceof String agency)) {
            return Uni.createFrom().nullItem();
        }
        return isRevoked(agency).map(is -> {
            if (is) {
                throw IdentityProblem.AGENCY_REVOKED.with("a registrar has revoked this agency");
            }
            return null;
        });
    }

    private Uni<Boolean> isRevoked(String agency) {
        @Nullable Boolean known = revoked.getIfPresent(agency);
        return known != null
                ? Uni.createFrom().item(known)
                : pool.preparedQuery("select 1 from agency where id = $1 and revoked_at is not null")
                        .execute(Tuple.of(agency))
                        .map(rows -> rows.size() > 0)
                        .invoke(is -> revoked.put(agency, is));
    }
}
