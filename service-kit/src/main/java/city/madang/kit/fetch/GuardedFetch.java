package city.madang.kit.fetch;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one client for addresses outside the city: those that a caller or a foreign document names, and those that an operator configures. What it fetches is public: https with a good certificate;
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
    public record FetchRules(
            HostResolver resolver, boolean allowPrivate, Set<String> internalHosts, Duration timeout) {}

    @Inject
    GuardedFetch(Vertx vertx, FetchSettings settings) {
        this(
                vertx,
                new FetchRules(
                        HostResolver.ofSystem(),
                        settings.allowPrivate(),
                        settings.internalHosts().orElse(Set.of()),
                        settings.timeout()),
                settings.concurrent(),
                options(settings.timeout(), settings.extraCa()));
    }

    /** A client beside the service's own, with its own rules. */
    public GuardedFetch(Vertx vertx, FetchRules rules, int concurrent, HttpClientOptions options) {
        this.vertx = vertx;
        this.rules = rules;
        this.slots = new FetchSlots(concurrent);
        this.client = vertx.createHttpClient(options.setMaxPoolSize(concurrent));
        this.resolving = vertx.createSharedWorkerExecutor(
                "fetch-resolver", RESOLVERS, rules.timeout().toMillis() * 2, TimeUnit.MILLISECONDS);
    }

    /** @param extraCa PEM file of CAs that are trusted besides the well-known ones */
    public static HttpClientOptions options(Duration timeout, Optional<Path> extraCa) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(LONGEST_HEADERS)
                // what a caller chose is not told of our traces, nor are traces of it
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setConnectTimeout((int) timeout.toMillis());
        extraCa.ifPresent(ca -> options.setTrustOptions(FetchTrust.with(ca)));
        return options;
    }

    void warn(@Observes StartupEvent started) {
        if (rules.allowPrivate()) {
            LOG.warn("madang.fetch.allow-private is set: addresses that others name may lead into private networks");
        }
    }

    @PreDestroy
    public void close() {
        client.close();
        resolving.close();
    }

    /** Fails with {@link FetchFailed}. The result arrives on the Vert.x context that asked. */
    public Uni<Fetched> get(Wanted wanted) {
        return fly(wanted, null);
    }

    /** Posts a body to the address; no redirect is followed. Fails and answers as {@link #get}. */
    public Uni<Fetched> post(Wanted wanted, Posted body) {
        return fly(wanted, body);
    }

    private Uni<Fetched> fly(Wanted wanted, @Nullable Posted body) {
        return Uni.createFrom().completionStage(() -> {
            Context context = vertx.getOrCreateContext();
            return new Flight(context, client, resolving, slots, rules, wanted, body)
                    .start()
                    .toCompletionStage();
        });
    }
}
