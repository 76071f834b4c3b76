package city.madang.gateway.entry;

import city.madang.gateway.description.ApiDescription;
import city.madang.gateway.exchange.AccessLog;
import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.headers.RequestHeaders;
import city.madang.gateway.headers.ResponseHeaders;
import city.madang.gateway.pages.Pages;
import city.madang.gateway.relay.Relay;
import city.madang.gateway.routing.RouteTable;
import io.micrometer.core.instrument.MeterRegistry;
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
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
    private final Relay relay;
    private final FrontDoor door;
    private final Connections connections;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile int port;

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
        RouteTable routes = new RouteTable(settings.routes());
        this.relay = new Relay(
                vertx,
                client,
                new RequestHeaders(origin),
                responseHeaders,
                new Relay.Terms(
                        settings.limits().maxRequests(),
                        settings.limits().bodyIdleTimeout(),
                        settings.upstream().connectRetries(),
                        settings.upstream().connectRetryDelay()));
        this.door = new FrontDoor(routes, new Pages(vertx, new ApiDescription(vertx, client, routes, origin)), relay);
        this.connections = new Connections(
                vertx, settings.limits().maxConnections(), settings.limits().handshakeTimeout());
        meters.gauge("madang.gateway.connections", connections, Connections::open);
        meters.gauge("madang.gateway.requests.under.way", relay, Relay::underWay);
    }

    /** The port that callers reach, 0 before the start. */
    public int port() {
        return port;
    }

    void start(@Observes StartupEvent event) {
        TlsConfiguration certificate = certificates
                .get(CERTIFICATE)
                .orElseThrow(() -> new IllegalStateException("No certificate is configured for the gateway"));
        // a server per event loop shares one port, and a connection stays on its loop
        int instances = settings.port() == 0 ? 1 : Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                listen(certificate).<Void>mapEmpty().onComplete(started);
                            }
                        },
                        new DeploymentOptions().setInstances(instances))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        LOG.infof("Gateway listens on https://%s:%d", settings.host(), port);
    }

    private Future<HttpServer> listen(TlsConfiguration certificate) {
        HttpServer server = vertx.createHttpServer(Sockets.serverOptions(settings, certificate));
        servers.add(server);
        return server.connectionHandler(connections::opened)
                .requestHandler(request -> {
                    connections.spoke(request);
                    Exchange exchange = new Exchange(
                            vertx, request, responseHeaders, settings.limits().lingerTime());
                    accessLog.watch(exchange);
                    door.enter(exchange);
                })
                .invalidRequestHandler(request -> {
                    Exchange exchange = new Exchange(
                            vertx, request, responseHeaders, settings.limits().lingerTime());
                    accessLog.watch(exchange);
                    door.refuseMalformed(exchange);
                })
                .listen()
                .onSuccess(listening -> port = listening.actualPort());
    }

    /** Takes a renewed certificate into use, for new connections. */
    void renew(@Observes CertificateUpdatedEvent event) {
        if (event.name().equals(CERTIFICATE)) {
            servers.forEach(
                    server -> server.updateSSLOptions(event.tlsConfiguration().getSSLOptions())
                            .onFailure(e -> LOG.error("The renewed certificate can't be used", e)));
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (relay.underWay() > 0 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        servers.forEach(HttpServer::close);
        client.close();
    }
}
