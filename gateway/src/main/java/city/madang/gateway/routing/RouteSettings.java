package city.madang.gateway.routing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One route, as configured below {@code madang.gateway.routes.<name>}. */
public interface RouteSettings {

    /** Where the service listens: scheme, host and port, no path. */
    URI url();

    /** What is public: exact paths, or {@code /prefix/**} for a prefix and all below it. */
    List<String> paths();

    /** Exceptions from the paths, in the same form. */
    Optional<List<String>> except();

    /** The methods that pass; every other is answered with 405. */
    @WithDefault("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS")
    Set<String> methods();

    /** The largest request body; a larger one is answered with 413 as soon as that is known. */
    @WithDefault("1M")
    MemorySize maxBodySize();

    /** How long the body of a request may take, at whatever speed it comes, before 408. */
    @WithDefault("2m")
    Duration requestTimeout();

    /** How long the service may take from the end of the request to the head of its answer, before 504. */
    @WithDefault("30s")
    Duration responseTimeout();

    /** The Content-Security-Policy of answers that carry none of their own. */
    Optional<String> contentSecurityPolicy();

    /** Path and query of the service's own OpenAPI document, read by the gateway alone. */
    Optional<String> openapi();

    /** What callers must show at the door. */
    AccessSettings access();

    /** How many requests pass. */
    LimitSettings limits();

    /** Which pages of other origins may call from a browser. */
    CorsSettings cors();

    /** Whether connections may be upgraded to WebSocket. */
    @WithDefault("false")
    boolean webSocket();

    /** Whether the service hears of the caller's certificate, in {@code Client-Cert} (RFC 9440), on the entry for agencies. */
    @WithDefault("false")
    boolean clientCertificate();

    /** What callers must show at the door. Operations are written as {@code GET /path/{id}}, or {@code GET /path/**} for all below. */
    interface AccessSettings {

        /** What every operation asks for that is not listed: {@code open}, {@code optional}, {@code token} or {@code wallet}. */
        @WithDefault("token")
        Access usual();

        /** Operations for everybody. */
        Optional<List<String>> open();

        /** Operations for everybody, at which a token that is shown must be good. */
        Optional<List<String>> optional();

        /** Operations that take tokens of the authorization server for wallets. */
        Optional<List<String>> wallet();

        /** The checked rules. */
        default AccessRules toRules() {
            return new AccessRules(
                    usual(),
                    Map.of(
                            Access.OPEN, open().orElse(List.of()),
                            Access.OPTIONAL, optional().orElse(List.of()),
                            Access.WALLET, wallet().orElse(List.of())));
        }
    }

    /** Token buckets: so many requests a second, and so many at once. What is beyond is answered with 429. */
    interface LimitSettings {

        /** Requests a second of one subject, or of one address (of one /64 network in IPv6) without a token. */
        @WithDefault("50")
        int callerPerSecond();

        /** Requests at once of one caller. */
        @WithDefault("300")
        int callerBurst();

        /** Requests a second of all systems and officers of one agency. */
        @WithDefault("500")
        int agencyPerSecond();

        /** Requests at once of one agency. */
        @WithDefault("2000")
        int agencyBurst();

        /** Requests a second of all callers. */
        @WithDefault("5000")
        int routePerSecond();

        /** Requests at once of all callers. */
        @WithDefault("10000")
        int routeBurst();

        /** While the shared counters can't be asked: {@code open}, each gateway counts by itself; {@code closed}, 503. */
        @WithDefault("open")
        RouteLimits.OnFailure onFailure();

        /** The checked limits. */
        default RouteLimits toLimits() {
            return new RouteLimits(
                    new Rate(callerPerSecond(), callerBurst()),
                    new Rate(agencyPerSecond(), agencyBurst()),
                    new Rate(routePerSecond(), routeBurst()),
                    onFailure());
        }
    }

    /** Cross-origin calls. Where nothing is set, what the service says about them passes. */
    interface CorsSettings {

        /** Origins such as {@code https://wallet.example}, or {@code *} for any. Cookies never count. */
        Optional<Set<String>> origins();

        /** Header fields of answers that pages may read. */
        @WithDefault("WWW-Authenticate,Location,ETag,Retry-After,RateLimit,RateLimit-Policy,X-Request-Id")
        String exposed();
    }

    /** The checked route. */
    default Route toRoute(String name) {
        return new Route(
                name,
                url(),
                paths(),
                except().orElse(List.of()),
                methods(),
                maxBodySize().asLongValue(),
                requestTimeout(),
                responseTimeout(),
                contentSecurityPolicy(),
                openapi(),
                access().toRules(),
                limits().toLimits(),
                cors().origins().map(origins -> new CorsPolicy(origins, cors().exposed())),
                webSocket(),
                clientCertificate());
    }
}
