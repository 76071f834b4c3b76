package city.madang.identity.fetch;

import city.madang.identity.settings.IdentitySettings;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The one client for addresses that a caller or a foreign document names. What it fetches is public: https with a good certificate;
 * the host is looked up once, each of its addresses is checked, and the connection goes to the address that was checked;
 * each redirect, at most two, is checked the same; time, size, media type and number are bounded; no cookies, no proxy,
 * nothing of the caller's goes along.
 */
@ApplicationScoped
public class GuardedFetch {

    private static final Logger LOG = Logger.getLogger(GuardedFetch.class);

    /** Lookups that hang hold up other lookups, and nothing else of this service. */
    private static final int RESOLVERS = 8;

    private static final int LONGEST_HEADERS = 16 * 1024;

    private final Vertx vertx;
    private final HttpClient client;
    private final WorkerExecutor resolving;
    private final FetchSlots slots;
    private final FetchRules rules;

    /**
     * How the guard is set.
     *
     * @param internalHosts names of hosts that may be at private addresses
     * @param timeout for all of a fetch
     */
    record FetchRules(HostResolver resolver, boolean allowPrivate, Set<String> internalHosts, Duration timeout) {}

    @Inject
    GuardedFetch(Vertx vertx, IdentitySettings settings) {
        this(
                vertx,
                new FetchRules(
                        HostResolver.ofSystem(),
                        settings.fetch().allowPrivate(),
                        settings.fetch().internalHosts().orElse(Set.of()),
                        settings.fetch().timeout()),
                settings.fetch().concurrent(),
                settings.fetch()
                        .extraCa()
                        .map(ca -> options(settings.fetch().timeout()).setTrustOptions(FetchTrust.with(ca)))
                        .orElseGet(() -> options(settings.fetch().timeout())));
    }

    GuardedFetch(Vertx vertx, FetchRules rules, int concurrent, HttpClientOptions options) {
        this.vertx = vertx;
        this.rules = rules;
        this.slots = new FetchSlots(concurrent);
        this.client = vertx.createHttpClient(options.setMaxPoolSize(concurrent));
        this.resolving = vertx.createSharedWorkerExecutor(
                "fetch-resolver", RESOLVERS, rules.timeout().toMillis() * 2, TimeUnit.MILLISECONDS);
    }

    static HttpClientOptions options(Duration timeout) {
        return new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setConnectTimeout((int) timeout.toMillis());
    }

    void warn(@Observes StartupEvent started) {
        if (rules.allowPrivate()) {
            LOG.warn("madang.fetch.allow-private is set: addresses that others name may lead into private networks");
        }
    }

    @PreDestroy
    void close() {
        client.close();
        resolving.close();
    }

    /** Fails with {@link FetchFailed}. The result arrives on the Vert.x context that asked. */
    public Uni<Fetched> get(Wanted wanted) {
        return Uni.createFrom().completionStage(() -> {
            Context context = vertx.getOrCreateContext();
            return new Flight(context, client, resolving, slots, rules, wanted)
                    .start()
                    .toCompletionStage();
        });
    }
}
