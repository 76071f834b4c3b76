package city.madang.gateway.entry;

import city.madang.gateway.routing.RouteSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Configuration of the gateway. The defaults of what is not given here stand in {@code application.properties}. */
@ConfigMapping(prefix = "madang.gateway")
public interface GatewaySettings {

    /** Address that the TLS server binds to. */
    String host();

    /** Port of the TLS server; 0 takes a free one. */
    int port();

    /** PEM chain of the server's certificate, leaf first. */
    Path tlsCertificate();

    /** PEM PKCS#8 key of the server's certificate. */
    Path tlsKey();

    /** Upstream of the identity service. */
    URI identityUrl();

    /** Upstream of the payment service. */
    URI paymentUrl();

    /** Upstream of the records service. */
    URI recordsUrl();

    /** Upstream of Keycloak, without its path {@code /auth}. */
    URI keycloakUrl();

    /** The routes by name. */
    Map<String, RouteSettings> routes();

    /** Value of {@code Strict-Transport-Security} on answers that carry none. */
    @WithDefault("max-age=31536000; includeSubDomains")
    String strictTransportSecurity();

    /** Limits of the caller's side. */
    Limits limits();

    /** Limits of the services' side. */
    Upstream upstream();

    /** Limits of the caller's side. */
    interface Limits {

        /** Bytes of the request line; a longer one is answered with 414. */
        @WithDefault("8K")
        MemorySize maxRequestLine();

        /** Bytes of all header fields of a request; more are answered with 431. */
        @WithDefault("16K")
        MemorySize maxHeaderSize();

        /** Open connections; a further one is closed at once. */
        @WithDefault("4096")
        int maxConnections();

        /** Streams that one HTTP/2 connection may have open. */
        @WithDefault("100")
        int maxStreamsPerConnection();

        /** Requests under way in all; a further one is answered with 503. */
        @WithDefault("1024")
        int maxRequests();

        /** Time for the TLS handshake, and again for the first request after it, before the connection is closed. */
        @WithDefault("10s")
        Duration handshakeTimeout();

        /** A connection on which nothing moves is closed after this time. Longer than {@code body-idle-timeout}. */
        @WithDefault("150s")
        Duration idleTimeout();

        /** A body, either way, that does not move for this time is given up. Event streams send something more often. */
        @WithDefault("120s")
        Duration bodyIdleTimeout();

        /** How long a refused body is still read, so that the caller can read why, before the connection is closed. */
        @WithDefault("2s")
        Duration lingerTime();
    }

    /** Limits of the services' side. */
    interface Upstream {

        /** Time for a connection to a service. */
        @WithDefault("2s")
        Duration connectTimeout();

        /** Connections to one service. */
        @WithDefault("256")
        int maxConnections();

        /** Requests that wait for a connection to one service; a further one is answered with 503. */
        @WithDefault("512")
        int maxWaiting();

        /** An unused connection to a service is closed after this time. */
        @WithDefault("20s")
        Duration keepAlive();

        /** Bytes of all header fields of an answer. */
        @WithDefault("64K")
        MemorySize maxHeaderSize();

        /** How often a refused connection is tried again for an idempotent request, of which nothing was sent yet. */
        @WithDefault("3")
        int connectRetries();

        /** Time before a refused connection is tried again. */
        @WithDefault("200ms")
        Duration connectRetryDelay();
    }
}
