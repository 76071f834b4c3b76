package city.madang.gateway.entry;

import city.madang.gateway.routing.RouteSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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

    /** How access tokens are checked. */
    Token token();

    /** The entry for systems of agencies, who prove themselves by certificate. */
    Agencies agencies();

    /** Networks of proxies in front of the gateway, e.g. {@code 10.0.0.0/8}: their {@code X-Forwarded-For} is believed. */
    Optional<List<String>> trustedNetworks();

    /** Redis with which the gateways share counters, e.g. {@code rediss://:secret@redis:6379}; absent: each counts by itself. A secret. */
    Optional<String> redis();

    /** How many requests for the gateway's own pages pass. */
    RouteSettings.LimitSettings pages();

    /** The routes by name. */
    Map<String, RouteSettings> routes();

    /** Value of {@code Strict-Transport-Security} on answers that carry none. */
    @WithDefault("max-age=31536000; includeSubDomains")
    String strictTransportSecurity();

    /** Limits of the caller's side. */
    Limits limits();

    /** Limits of the services' side. */
    Upstream upstream();

    /** How access tokens are checked. */
    interface Token {

        /** Keycloak's key set. */
        URI keys();

        /** {@code iss} of access tokens. */
        URI issuer();

        /** What {@code aud} of access tokens must hold. */
        @WithDefault("madang-api")
        String audience();

        /** Algorithms with which access tokens may be signed. */
        @WithDefault("ES256,PS256")
        Set<String> algorithms();

        /** How far the clocks of Keycloak and the gateway may be apart. */
        @WithDefault("5s")
        Duration leeway();

        /** Good tokens that are remembered, so that they are verified once. */
        @WithDefault("20000")
        int remembered();
    }

    /** The entry for systems of agencies: the same routes, by mutual TLS (RFC 8705). */
    interface Agencies {

        /** Its port; 0 takes a free one. Absent: there is no such entry. */
        OptionalInt port();

        /** PEM file of the authorities whose certificates are accepted; needed with the port. */
        Optional<Path> authorities();

        /** Whether only access tokens count that are bound to the certificate of the connection. */
        @WithDefault("true")
        boolean boundTokensOnly();
    }

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

        /** Open connections from one address that is not a trusted proxy's; a further one is closed at once. */
        @WithDefault("512")
        int maxConnectionsPerAddress();

        /** Streams that one HTTP/2 connection may have open. */
        @WithDefault("100")
        int maxStreamsPerConnection();

        /** Requests under way in all; a further one is answered with 503. */
        @WithDefault("1024")
        int maxRequests();

        /** Time for the TLS handshake, and again for the first request after it, before the connection is closed. */
        @WithDefault("10s")
        Duration handshakeTimeout();

        /** A connection without a request is closed when no complete head comes within this time, at whatever speed it comes. */
        @WithDefault("60s")
        Duration headTimeout();

        /** A connection on which nothing moves is closed after this time. Longer than {@code body-idle-timeout}. */
        @WithDefault("150s")
        Duration idleTimeout();

        /** A body, either way, that does not move for this time is given up. Event streams send something more often. */
        @WithDefault("120s")
        Duration bodyIdleTimeout();

        /** Refused tokens a second from one address; when they are more often, tokens from there are not looked at: 429. */
        @WithDefault("20")
        int refusedTokensPerSecond();

        /** Refused tokens at once from one address. */
        @WithDefault("200")
        int refusedTokensBurst();

        /** Callers, agencies and routes that are counted at a time. */
        @WithDefault("200000")
        int maxCounted();

        /** Time for an answer of the shared counters. */
        @WithDefault("250ms")
        Duration counterTimeout();

        /** How long a refused body is still read, so that the caller can read why, before the connection is closed. */
        @WithDefault("2s")
        Duration lingerTime();
    }

    /** Limits of the services' side. */
    interface Upstream {

        /** Time for a connection to a service. */
        @WithDefault("2s")
        Duration connectTimeout();

        /**
         * Requests of one service under way, each over a connection of its own; a further one is answered with 503, and those of other
         * services go on.
         */
        @WithDefault("512")
        int maxRequests();

        /** When a service is left alone because it fails. */
        Breaker breaker();

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

    /** When a service is left alone because it fails: refused connections, hang-ups, answers that don't come in time. */
    interface Breaker {

        /** The latest requests that are looked at. */
        @WithDefault("50")
        int window();

        /** Requests before anything is concluded from them. */
        @WithDefault("20")
        int least();

        /** Percent of them that failed, from which on the service is left alone. */
        @WithDefault("50")
        int failurePercent();

        /** How long it is left alone. */
        @WithDefault("2s")
        Duration rest();

        /** Requests that are then let through at most to see whether it is back, which the first answer says. */
        @WithDefault("5")
        int probes();
    }
}
