package city.madang.kit.fetch;

import city.madang.kit.fetch.FetchFailed.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One fetch, from its address to its last byte, on one Vert.x context. */
final class Flight {

    private static final int MOST_REDIRECTS = 2;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Context context;
    private final HttpClient client;
    private final WorkerExecutor resolving;
    private final FetchSlots slots;
    private final GuardedFetch.FetchRules rules;
    private final Wanted wanted;
    private final @Nullable Posted posted;
    private final Promise<Fetched> landed = Promise.promise();
    private int redirects;
    private boolean over;
    private @Nullable HttpClientRequest request;

    Flight(
            Context context,
            HttpClient client,
            WorkerExecutor resolving,
            FetchSlots slots,
            GuardedFetch.FetchRules rules,
            Wanted wanted,
            @Nullable Posted posted) {
        this.context = context;
        this.client = client;
        this.resolving = resolving;
        this.slots = slots;
        this.rules = rules;
        this.wanted = wanted;
        this.posted = posted;
    }

    Future<Fetched> start() {
        context.runOnContext(begun -> {
            long timer = context.owner()
                    .setTimer(rules.timeout().toMillis(), late -> fail(Reason.TIMEOUT, "the host took too long"));
            landed.future().onComplete(done -> context.owner().cancelTimer(timer));
            try {
                visit(Target.parse(wanted.url()));
            } catch (FetchFailed refused) {
                fail(refused);
            }
        });
        return landed.future();
    }

    /** The place that a host has taken is given back when the flight leaves it, or is over. */
    private void visit(Target target) {
        if (!slots.take(target.host())) {
            fail(Reason.BUSY, "too many fetches are under way");
            return;
        }
        Promise<Void> left = Promise.promise();
        left.future().onComplete(done -> slots.giveBack(target.host()));
        landed.future().onComplete(done -> left.tryComplete());
        resolving
                .executeBlocking(() -> allowed(target.host()), false)
                .onFailure(this::fail)
                .onSuccess(address -> {
                    if (!over) {
                        ask(target, address, left);
                    }
                });
    }

    /** The address to connect to. All of the host's are checked, so that none of them is reached by trying again. */
    private InetAddress allowed(String host) throws FetchFailed {
        try {
            List<InetAddress> addresses = rules.resolver().addresses(host);
            boolean mayBePrivate = rules.allowPrivate() || rules.internalHosts().contains(host);
            if (!mayBePrivate && !addresses.stream().allMatch(PublicAddress::isPublic)) {
                throw new FetchFailed(Reason.REFUSED, "the host is not on the public Internet");
            }
            return addresses.getFirst();
        } catch (UnknownHostException unknown) {
            throw new FetchFailed(Reason.UNREACHABLE, "there is no such host");
        }
    }

    private void ask(Target target, InetAddress address, Promise<Void> left) {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(true)
                .setMethod(posted == null ? HttpMethod.GET : HttpMethod.POST)
                .setURI(target.pathAndQuery())
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.ACCEPT, String.join(", ", wanted.mediaTypes()))
                .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity")
                .putHeader(HttpHeaders.USER_AGENT, "madang");
        client.request(options).onFailure(this::fail).onSuccess(opened -> {
            request = opened;
            opened.exceptionHandler(broken -> broken(opened, broken));
            if (over) {
                opened.reset();
                return;
            }
            send(opened).onFailure(this::fail).onSuccess(response -> answered(target, response, left));
        });
    }

    private Future<HttpClientResponse> send(HttpClientRequest opened) {
        if (posted == null) {
            return opened.send();
        }
        return opened.putHeader(HttpHeaders.CONTENT_TYPE, posted.mediaType()).send(Buffer.buffer(posted.body()));
    }

    private void answered(Target target, HttpClientResponse response, Promise<Void> left) {
        response.exceptionHandler(broken -> broken(response.request(), broken));
        try {
            if (REDIRECTS.contains(response.statusCode())) {
                redirect(target, response, left);
            } else {
                receive(response);
            }
        } catch (FetchFailed refused) {
            fail(refused);
        }
    }

    private void redirect(Target target, HttpClientResponse response, Promise<Void> left) throws FetchFailed {
        @Nullable String location = response.getHeader(HttpHeaders.LOCATION);
        if (posted != null || location == null || ++redirects > MOST_REDIRECTS) {
            throw new FetchFailed(Reason.REFUSED, "the host redirects too often, nowhere, or what was posted");
        }
        Target next = target.redirected(location);
        hangUp();
        left.tryComplete();
        visit(next);
    }

    private void receive(HttpClientResponse response) throws FetchFailed {
        if (response.statusCode() != 200) {
            throw new FetchFailed(Reason.STATUS, "the host answered " + response.statusCode());
        }
        String mediaType = mediaType(response.getHeader(HttpHeaders.CONTENT_TYPE));
        @Nullable String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (!wanted.mediaTypes().contains(mediaType) || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw new FetchFailed(Reason.WRONG_TYPE, "the host answered with another media type or encoding");
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > wanted.longest()) {
                fail(Reason.TOO_LARGE, "the host's answer is too large");
            } else if (!over) {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> {
            if (!over) {
                over = true;
                landed.tryComplete(new Fetched(mediaType, body.getBytes()));
            }
        });
    }

    private static String mediaType(@Nullable String contentType) {
        return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** What breaks because it was hung up is no failure. */
    private void broken(HttpClientRequest one, Throwable failure) {
        if (request == one) {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        if (failure instanceof FetchFailed known) {
            over = true;
            // first, because hanging up tells of a failure too
            landed.tryFail(known);
            hangUp();
        } else {
            fail(Reason.UNREACHABLE, "the host cannot be reached");
        }
    }

    private void fail(Reason reason, String message) {
        fail(new FetchFailed(reason, message));
    }

    /** Closes the connection: nothing more is read from it. */
    private void hangUp() {
        HttpClientRequest open = request;
        request = null;
        if (open != null) {
            open.reset();
        }
    }
}
