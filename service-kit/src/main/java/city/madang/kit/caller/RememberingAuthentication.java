package city.madang.kit.caller;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has an access token checked once and remembers whom it names, until it expires and for {@link TokenMemory#LONGEST} at most. Tokens
 * are checked here, by their signature and claims, and nobody is asked (no introspection): until then a second check could say nothing
 * else, and it costs as much as all the rest of a short request.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class RememberingAuthentication implements HttpAuthenticationMechanism {

    /** RFC 6750 §2.1; a token under another scheme has more to be checked than itself. */
    private static final String BEARER = "Bearer ";

    private final OidcAuthenticationMechanism oidc;
    private final TokenMemory memory = new TokenMemory();

    RememberingAuthentication(OidcAuthenticationMechanism oidc) {
        this.oidc = oidc;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        @Nullable String token = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (token == null || !token.startsWith(BEARER)) {
            return oidc.authenticate(context, providers);
        }
        Optional<SecurityIdentity> known = memory.find(token, Instant.now());
        return known.isPresent()
                ? Uni.createFrom().item(known.get())
                : oidc.authenticate(context, providers).invoke(identity -> {
                    if (identity != null) {
                        memory.keep(token, identity, Instant.now());
                    }
                });
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return oidc.getChallenge(context);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return oidc.getCredentialTypes();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return oidc.getCredentialTransport(context);
    }

    @Override
    public int getPriority() {
        return oidc.getPriority();
    }
}
