package city.madang.identity.clients;

import city.madang.identity.settings.IdentitySettings;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the provider's clients to what they are to be, whatever happened in between: each change is noted first, tried at once, and
 * tried again until the provider has it; and what the provider has is looked at again from time to time.
 */
@ApplicationScoped
class ClientReconciler {

    private static final Logger LOG = Logger.getLogger(ClientReconciler.class);

    /** The longest wait between tries that fail. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** In one round, so that one round ends. */
    private static final int MOST = 20;

    private final AgencyClients clients;
    private final KeycloakClients keycloak;
    private final PublishedKeys published;
    private final IdentitySettings settings;

    ClientReconciler(
            AgencyClients clients, KeycloakClients keycloak, PublishedKeys published, IdentitySettings settings) {
        this.clients = clients;
        this.keycloak = keycloak;
        this.published = published;
        this.settings = settings;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> reconcile() {
        return reconcile(MOST);
    }

    private Uni<Void> reconcile(int left) {
        return left == 0
                ? Uni.createFrom().voidItem()
                : reconcile(null)
                        .chain(found ->
                                found ? reconcile(left - 1) : Uni.createFrom().voidItem());
    }

    /** @param agency this one alone, or null for whichever has waited longest; false if none was due */
    Uni<Boolean> reconcile(@Nullable String agency) {
        return clients.take(agency)
                .chain(found -> found.map(client -> apply(client).replaceWith(true))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private record Fresh(AgencyClient client, Optional<String> problem) {}

    Uni<Void> apply(AgencyClient client) {
        return fresh(client)
                .chain(fresh -> keycloak.apply(fresh.client())
                        .chain(() -> clients.applied(
                                fresh.client(),
                                fresh.problem().orElse(null),
                                client.jwksUri() == null
                                        ? settings.registry().recheck()
                                        : settings.registry().keysRefresh())))
                .onFailure(ProviderFailed.class)
                .recoverWithUni(failure -> {
                    LOG.warnf("client %s is not as it should be: %s", client.clientId(), failure.getMessage());
                    return clients.failed(client, String.valueOf(failure.getMessage()), LONGEST_WAIT);
                });
    }

    /** With the keys that stand at its address now; if none can be had, with those before. */
    private Uni<Fresh> fresh(AgencyClient client) {
        String uri = client.jwksUri();
        return uri == null || !client.enabled()
                ? Uni.createFrom().item(new Fresh(client, Optional.empty()))
                : published
                        .at(uri)
                        .chain(keys -> clients.refreshed(client, keys))
                        .map(fresh -> new Fresh(fresh, Optional.empty()))
                        .onFailure()
                        .recoverWithItem(new Fresh(client, Optional.of("no good keys can be had at jwks_uri")));
    }
}
