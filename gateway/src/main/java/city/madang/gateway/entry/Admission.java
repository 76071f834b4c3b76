package city.madang.gateway.entry;

import city.madang.gateway.exchange.Exchange;
import city.madang.gateway.limits.Charge;
import city.madang.gateway.limits.Limiter;
import city.madang.gateway.limits.Standing;
import city.madang.gateway.problem.Problem;
import city.madang.gateway.routing.Access;
import city.madang.gateway.routing.Rate;
import city.madang.gateway.routing.Route;
import city.madang.gateway.routing.RouteLimits;
import city.madang.gateway.tokens.AccessToken;
import city.madang.gateway.tokens.TokenCheck;
import city.madang.gateway.tokens.TokenCheck.Decision;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who may pass: first what the request shows, then how often its caller asks. Refuses in its own words. */
final class Admission {

    private static final String RETRY_AFTER_SECONDS = "1";

    private final Vertx vertx;
    private final URI origin;
    private final TokenCheck tokens;
    private final Limiter limiter;
    private final Rate refusedTokens;
    private final boolean boundTokensOnly;

    Admission(
            Vertx vertx, URI origin, TokenCheck tokens, Limiter limiter, Rate refusedTokens, boolean boundTokensOnly) {
        this.vertx = vertx;
        this.origin = origin;
        this.tokens = tokens;
        this.limiter = limiter;
        this.refusedTokens = refusedTokens;
        this.boundTokensOnly = boundTokensOnly;
    }

    /** Goes on with {@code next} if the request passes, and answers it otherwise. */
    void admit(Exchange exchange, String path, Route route, Runnable next) {
        HttpServerRequest request = exchange.request();
        Access access = route.access().of(request.method().name(), path);
        MultiMap headers = request.headers();
        List<String> authorization = headers.getAll("authorization");
        Charge failures = new Charge("refused-tokens", "refused " + network(exchange), refusedTokens);
        if (access != Access.OPEN && !authorization.isEmpty()) {
            Standing standing = limiter.own().look(failures);
            if (!standing.passes()) {
                refuse(exchange, standing, "Too many tokens from this address were refused.");
                return;
            }
        }
        TokenCheck.Shown shown = new TokenCheck.Shown(
                authorization,
                headers.getAll("dpop"),
                request.method().name(),
                () -> origin.resolve(path),
                exchange.peer().certificate(),
                exchange.peer().agencies() && boundTokensOnly);
        then(exchange, tokens.check(access, shown), decision -> {
            switch (decision) {
                case Decision.Admitted admitted -> {
                    if (admitted.bearer() != null) {
                        exchange.unbind(admitted.bearer());
                    }
                    count(exchange, route, admitted.caller(), next);
                }
                case Decision.Refused refused -> {
                    if (refused.error() != null) {
                        limiter.own().take(List.of(failures));
                    }
                    challenge(exchange, access, refused);
                }
                case Decision.Undecided undecided ->
                    exchange.refuse(
                            Problem.UNCHECKED,
                            "The keys of access tokens can't be fetched at the moment. Nothing was done; try again shortly.",
                            Map.of("Retry-After", RETRY_AFTER_SECONDS));
            }
        });
    }

    /** Counts a request of nobody known, such as one for a page. */
    void countOpen(Exchange exchange, String name, RouteLimits limits, Runnable next) {
        count(exchange, name, limits, null, next);
    }

    private void count(Exchange exchange, Route route, @Nullable AccessToken caller, Runnable next) {
        count(exchange, route.name(), route.limits(), caller, next);
    }

    private void count(
            Exchange exchange, String route, RouteLimits limits, @Nullable AccessToken caller, Runnable next) {
        List<Charge> charges = new ArrayList<>(3);
        charges.add(new Charge(
                "caller",
                route + (caller == null ? " address " + network(exchange) : " subject " + caller.subject()),
                limits.caller()));
        if (caller != null && caller.agency() != null) {
            charges.add(new Charge("agency", route + " agency " + caller.agency(), limits.agency()));
        }
        charges.add(new Charge("route", route, limits.route()));
        then(exchange, limiter.take(charges, limits.onFailure()), counted -> pass(exchange, counted, next));
    }

    private static void pass(Exchange exchange, Optional<Standing> counted, Runnable next) {
        if (counted.isEmpty()) {
            exchange.refuse(
                    Problem.UNCHECKED,
                    "Requests can't be counted at the moment. Nothing was done; try again shortly.",
                    Map.of("Retry-After", RETRY_AFTER_SECONDS));
            return;
        }
        Standing standing = counted.get();
        exchange.say("RateLimit-Policy", standing.policyField());
        exchange.say("RateLimit", standing.field());
        if (standing.passes()) {
            next.run();
        } else {
            refuse(
                    exchange,
                    standing,
                    switch (standing.charge().policy()) {
                        case "agency" -> "Your agency asks too often.";
                        case "route" -> "This part of the city is asked too often.";
                        default -> "You ask too often.";
                    });
        }
    }

    private static void refuse(Exchange exchange, Standing standing, String why) {
        exchange.refuse(
                Problem.TOO_MANY_REQUESTS, why + " Nothing was done.", Map.of("Retry-After", standing.retryAfter()));
    }

    /** In the words that the endpoint's callers know: OAuth's for wallets, a problem document for all others. */
    private static void challenge(Exchange exchange, Access access, Decision.Refused refused) {
        Map<String, String> fields = Map.of("WWW-Authenticate", refused.challenge());
        if (access == Access.WALLET) {
            exchange.refuseAs(
                    Problem.UNAUTHENTICATED,
                    "application/json",
                    new JsonObject()
                            .put("error", refused.error() == null ? "invalid_token" : refused.error())
                            .put("error_description", refused.why()),
                    fields);
        } else {
            exchange.refuse(Problem.UNAUTHENTICATED, refused.why(), fields);
        }
    }

    /** An address, or the /64 network that one subscriber has in IPv6. */
    private static String network(Exchange exchange) {
        String address = exchange.peer().address();
        if (address.indexOf(':') < 0) {
            return address;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != 16) {
            return address;
        }
        Arrays.fill(bytes, 8, 16, (byte) 0);
        return NetUtil.bytesToIpAddress(bytes);
    }

    /** Goes on at once where the result is there, and else on the exchange's own event loop; not if the caller has left meanwhile. */
    private <T> void then(Exchange exchange, Future<T> future, Consumer<T> next) {
        if (future.succeeded()) {
            next.accept(future.result());
            return;
        }
        Context loop = vertx.getOrCreateContext();
        future.onComplete(done -> loop.runOnContext(back -> {
            if (done.failed()) {
                exchange.refuse(Problem.INTERNAL_ERROR, "The gateway failed on this request.");
            } else if (!exchange.request().response().closed()) {
                next.accept(done.result());
            }
        }));
    }
}
