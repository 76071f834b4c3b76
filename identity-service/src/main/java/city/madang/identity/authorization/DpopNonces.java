package city.madang.identity.authorization;

import city.madang.identity.jose.ServerNonces;
import city.madang.identity.settings.IdentitySettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nonces that every DPoP proof must hold (RFC 9449 §8 and §9). */
@Singleton
class DpopNonces {

    private final ServerNonces nonces;
    private final Duration lifetime;

    DpopNonces(ServerNonces nonces, IdentitySettings settings) {
        this.nonces = nonces;
        this.lifetime = settings.authorization().nonceLifetime();
    }

    String next() {
        return nonces.next(ServerNonces.Purpose.DPOP, lifetime);
    }

    /** When a nonce of ours was made; empty if there is none, it is not ours or too old. */
    Optional<Fresh> fresh(@Nullable String nonce) {
        return nonce == null
                ? Optional.empty()
                : nonces.expiry(ServerNonces.Purpose.DPOP, nonce).map(until -> new Fresh(until.minus(lifetime), until));
    }

    /** Between these a proof with this nonce can have been made. */
    record Fresh(Instant from, Instant until) {}
}
