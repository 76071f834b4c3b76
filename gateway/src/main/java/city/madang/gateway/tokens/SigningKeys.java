package city.madang.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.Future;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The public keys with which Keycloak signs tokens (RFC 7517). Fetched when first asked for, again when they are old, and when a
 * token names a key that is not among them, but not more often than {@link #BETWEEN_FETCHES}: whoever makes up names of keys
 * must not have Keycloak asked each time. While Keycloak is away, the keys that are known go on to count.
 */
final class SigningKeys {

    /** Keys that are older are fetched anew, so that one that was withdrawn stops counting. */
    static final Duration KEPT = Duration.ofMinutes(5);

    /** Time between two fetches for keys that are not known. */
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

    /** The same after a fetch that failed. */
    static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(SigningKeys.class);

    private final Supplier<Future<String>> source;
    private final Runnable whenWithdrawn;
    private final LongSupplier nanoClock;
    private volatile Map<String, SigningKey> keys = Map.of();
    private volatile long nextFetchNanos;
    private volatile long staleNanos;
    private volatile boolean failed;
    private @Nullable Future<Void> fetching;

    /** A key and what it verifies. */
    private record SigningKey(JWK key, JWSVerifier verifier) {}

    /**
     * Keys from a source.
     *
     * @param source gives the key set as JSON
     * @param nanoClock as {@link System#nanoTime()}
     * @param whenWithdrawn runs when a key is no longer in it
     */
    SigningKeys(Supplier<Future<String>> source, LongSupplier nanoClock, Runnable whenWithdrawn) {
        this.source = source;
        this.whenWithdrawn = whenWithdrawn;
        this.nanoClock = nanoClock;
        this.nextFetchNanos = nanoClock.getAsLong();
        this.staleNanos = nextFetchNanos;
    }

    /** The result is null if there is no such key; the future fails if that can't be found out. */
    Future<@Nullable JWSVerifier> find(JWSHeader header) {
        boolean due = nanoClock.getAsLong() - nextFetchNanos >= 0;
        JWSVerifier known = known(header);
        if (known != null) {
            if (due && nanoClock.getAsLong() - staleNanos >= 0) {
                fetch();
            }
            return Future.succeededFuture(known);
        }
        if (due) {
            return fetch().map(fetched -> known(header));
        }
        Future<Void> running = running();
        if (running != null) {
            return running.map(fetched -> known(header));
        }
        return failed ? Future.failedFuture("the keys could not be fetched") : Future.succeededFuture(null);
    }

    private @Nullable JWSVerifier known(JWSHeader header) {
        String id = header.getKeyID();
        SigningKey found = id == null ? null : keys.get(id);
        if (found == null
                || !found.verifier().supportedJWSAlgorithms().contains(header.getAlgorithm())
                || found.key().getAlgorithm() != null
                        && !found.key().getAlgorithm().equals(header.getAlgorithm())) {
            return null;
        }
        return found.verifier();
    }

    private synchronized @Nullable Future<Void> running() {
        return fetching;
    }

    private synchronized Future<Void> fetch() {
        if (fetching != null) {
            return fetching;
        }
        Future<Void> now = source.get().<Void>map(this::take);
        fetching = now;
        now.onComplete(done -> over(done.succeeded(), done.cause()));
        return now;
    }

    private synchronized void over(boolean succeeded, @Nullable Throwable cause) {
        fetching = null;
        failed = !succeeded;
        long now = nanoClock.getAsLong();
        nextFetchNanos = now + (succeeded ? BETWEEN_FETCHES : AFTER_FAILURE).toNanos();
        if (succeeded) {
            staleNanos = now + KEPT.toNanos();
        } else {
            LOG.warnf("The keys of access tokens can't be fetched: %s", cause);
        }
    }

    private @Nullable Void take(String json) {
        try {
            Map<String, SigningKey> next = new HashMap<>();
            for (JWK key : JWKSet.parse(json).getKeys()) {
                JWSVerifier verifier = key.getKeyUse() == KeyUse.ENCRYPTION ? null : verifier(key);
                if (verifier != null && key.getKeyID() != null) {
                    next.put(key.getKeyID(), new SigningKey(key.toPublicJWK(), verifier));
                }
            }
            Map<String, SigningKey> before = keys;
            keys = Map.copyOf(next);
            if (before.entrySet().stream()
                    .anyMatch(entry -> !next.containsKey(entry.getKey())
                            || !next.get(entry.getKey())
                                    .key()
                                    .equals(entry.getValue().key()))) {
                whenWithdrawn.run();
            }
            return null;
        } catch (ParseException | JOSEException malformed) {
            throw new IllegalStateException("the key set can't be read", malformed);
        }
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
        JWSVerifier verifier =
                switch (key) {
                    case ECKey ec -> new ECDSAVerifier(ec);
                    case RSAKey rsa -> new RSASSAVerifier(rsa);
                    default -> null;
                };
        if (verifier != null && key instanceof ECKey) {
            verifier.getJCAContext().setProvider(FastCrypto.PROVIDER);
        }
        return verifier;
    }
}
