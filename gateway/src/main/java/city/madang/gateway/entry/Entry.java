package city.madang.gateway.entry;

import city.madang.gateway.description.ApiDescription;
import city.madang.gateway.exchange.AccessLog;
import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.exchange.Peer;
import city.madang.gateway.fetch.Fetch;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.limits.RedisCounters;
import city.madang.gateway.pages.Pages;
import city.madang.gateway.relay.Relay;
import city.madang.gateway.relay.Upstreams;
import city.madang.gateway.routing.RouteTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SSLOptions;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The TLS server. It is the gateway's own and not the framework's, which would answer malformed requests, overlong headers and
 * odd paths by itself before the gateway sees them; the framework's server carries health and metrics, on another port.
 */
@Singleton
public final class Entry {

    /** Name of the certificate in the TLS registry. */
    private static final String CERTIFICATE = "gateway";

    /** How long requests under way may take to end when the gateway stops. */
    private static final long STOP_SECONDS = 10;

    private static final Logger LOG = Logger.getLogger(Entry.class);

    private final Vertx vertx;
    private final GatewaySettings settings;
    private final TlsConfigurationRegistry certificates;
    private final AccessLog accessLog;
    private final ResponseHeaders responseHeaders;
    private final HttpClient client;
    private final Optional<Redis> redis;
    private final Relay relay;
    private final FrontDoor door;
    private final Connections connections;
    private final Networks trusted;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final List<HttpServer> agencyServers = new CopyOnWriteArrayList<>();
    private volatile int port;
    private volatile int agencyPort;
    private byte[] certificateDigest = new byte[0];

    Entry(
            Vertx vertx,
            GatewaySettings settings,
            @ConfigProperty(name = "madang.origin") URI origin,
            TlsConfigurationRegistry certificates,
            AccessLog accessLog,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.settings = settings;
        this.certificates = certificates;
        this.accessLog = accessLog;
        this.responseHeaders = new ResponseHeaders(settings.strictTransportSecurity());
        this.client = Sockets.client(vertx, settings.upstream());
        this.redis = settings.redis().map(address -> RedisCounters.client(vertx, address));
        this.trusted = new Networks(settings.trustedNetworks().orElse(List.of()));
        RouteTable routes = new RouteTable(settings.routes());
        Fetch fetch = new Fetch(client);
        Upstreams upstreams = new Upstreams(Parts.upstreamTerms(settings.upstream()));
        this.relay = new Relay(
                vertx,
                // a client for each event loop: a request and its connection to a service are then one thread's, with
                // nothing to hand over
                ThreadLocal.withInitial(() -> Sockets.client(vertx, settings.upstream()))::get,
                new RequestHeaders(origin),
                responseHeaders,
                upstreams,
                new Relay.Terms(
                        settings.limits().maxRequests(),
                        settings.limits().bodyIdleTimeout(),
                        settings.upstream().connectRetries(),
                        settings.upstream().connectRetryDelay()));
        this.door = new FrontDoor(
                routes,
                new Pages(vertx, new ApiDescription(vertx, fetch, routes, origin)),
                relay,
                Parts.admission(vertx, origin, settings, fetch, redis),
                settings.pages().toLimits());
        this.connections = new Connections(
                vertx,
                Sockets.parserOptions(settings.limits()),
                new Connections.Terms(
                        settings.limits().maxConnections(),
                        settings.limits().maxConnectionsPerAddress(),
                        trusted::holds,
                        settings.limits().handshakeTimeout(),
                        settings.limits().headTimeout()));
        meters.gauge("madang.gateway.connections", connections, Connections::open);
        meters.gauge("madang.gateway.requests.under.way", relay, Relay::underWay);
        upstreams.watch(routes.all(), (name, gauges) -> {
            Tags tags = Tags.of("upstream", name);
            meters.gauge("madang.gateway.upstream.under.way", tags, gauges, Upstreams.Gauges::underWay);
            meters.gauge("madang.gateway.upstream.resting", tags, gauges, Upstreams.Gauges::resting);
        });
    }

    /** The port that callers reach, 0 before the start. */
    public int port() {
        return port;
    }

    /** The port that agencies reach with their certificates; 0 if there is none. */
    public int agencyPort() {
        return agencyPort;
    }

    void start(@Observes StartupEvent event) {
        TlsConfiguration certificate = certificates
                .get(CERTIFICATE)
                .orElseThrow(() -> new IllegalStateException("No certificate is configured for the gateway"));
        certificateDigest = digestOfCertificate();
        deploy(settings.port(), () -> listen(Sockets.serverOptions(settings, certificate), servers, false)
                .onSuccess(listening -> port = listening.actualPort()));
        LOG.infof("Gateway listens on https://%s:%d", settings.host(), port);
        if (settings.agencies().port().isPresent()) {
            deploy(settings.agencies().port().getAsInt(), () -> listen(
                            Sockets.agencyOptions(settings, certificate), agencyServers, true)
                    .onSuccess(listening -> agencyPort = listening.actualPort()));
            LOG.infof("Agencies are served with their certificates on https://%s:%d", settings.host(), agencyPort);
        }
    }

    /** A server per event loop shares one port, and a connection stays on its loop. */
    private void deploy(int wanted, Supplier<Future<HttpServer>> listen) {
        int instances = wanted == 0 ? 1 : Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                listen.get().<Void>mapEmpty().onComplete(started);
                            }
                        },
                        new DeploymentOptions().setInstances(instances))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private Future<HttpServer> listen(HttpServerOptions options, List<HttpServer> list, boolean agencies) {
        HttpServer server = vertx.createHttpServer(options);
        list.add(server);
        return server.connectionHandler(connections::opened)
                .requestHandler(request -> hear(request, agencies, door::enter))
                .invalidRequestHandler(request -> hear(request, agencies, door::refuseMalformed))
                .listen();
    }

    /** Hears a request; what follows the last one of its connection is nobody's, also if it was read with that one. */
    private void hear(HttpServerRequest request, boolean agencies, Consumer<Exchange> next) {
        if (connections.isEnding(request.connection())) {
            request.connection().close();
        } else {
            next.accept(exchange(request, agencies));
        }
    }

    private Exchange exchange(HttpServerRequest request, boolean agencies) {
        Peer peer = new Peer(
                trusted.caller(
                        request.remoteAddress().hostAddress(), request.headers().getAll("x-forwarded-for")),
                agencies ? connections.certificate(request.connection()) : null,
                agencies);
        Exchange exchange = new Exchange(
                vertx,
                request,
                peer,
                responseHeaders,
                settings.limits().lingerTime(),
                connections.line(request.connection()));
        connections.began(exchange);
        accessLog.watch(exchange);
        return exchange;
    }

    /**
     * Takes a renewed certificate into use, for new connections. The event comes with every look at the files; while the server changes its
     * certificate, connections that come in that moment are cut, so it changes only what has changed.
     */
    void renew(@Observes CertificateUpdatedEvent event) {
        if (event.name().equals(CERTIFICATE) && isNewCertificate()) {
            TlsConfiguration renewed = event.tlsConfiguration();
            servers.forEach(server -> renew(server, renewed.getSSLOptions()));
            agencyServers.forEach(
                    server -> renew(server, renewed.getSSLOptions().setTrustOptions(Sockets.authorities(settings))));
        }
    }

    /** Whether the files hold something else than when this was asked last. */
    private synchronized boolean isNewCertificate() {
        byte[] now = digestOfCertificate();
        boolean isNew = !Arrays.equals(now, certificateDigest);
        certificateDigest = now;
        return isNew;
    }

    private byte[] digestOfCertificate() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(settings.tlsCertificate()));
            digest.update(Files.readAllBytes(settings.tlsKey()));
            return digest.digest();
        } catch (IOException | NoSuchAlgorithmException unreadable) {
            throw new IllegalStateException("The files of the certificate can't be read", unreadable);
        }
    }

    private static void renew(HttpServer server, SSLOptions options) {
        server.updateSSLOptions(options).onFailure(e -> LOG.error("The renewed certificate can't be used", e));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (relay.underWay() > 0 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        servers.forEach(HttpServer::close);
        agencyServers.forEach(HttpServer::close);
        client.close();
        redis.ifPresent(Redis::close);
        accessLog.finish();
    }
}
