package city.madang.identity.jose;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces that carry the proof that this service gave them, so that giving one writes nothing: number of the secret, expiry and
 * 8 random bytes, authenticated by HMAC-SHA-256 (cut to 16 bytes) for one purpose. 43 characters of base64url.
 *
 * <p>To be injected. {@link #next} when a nonce is given ({@code c_nonce}, a {@code DPoP-Nonce} header, an attestation
 * challenge), {@link #expiry} when one comes back: empty if it is not ours, for another purpose, or expired. Both take
 * microseconds and may be called on an event loop. What may be used once only must besides be remembered as used until its
 * expiry: that is the caller's to do. All instances of the service know each other's nonces.
 */
public final class ServerNonces {

    /** What a nonce is for; one given for a purpose is no good for another. */
    public enum Purpose {
        /** {@code c_nonce} of key proofs (OpenID4VCI 1.0 clause 7): also to be remembered as used. */
        KEY_PROOF,
        /** {@code DPoP-Nonce} of the authorization server and the credential endpoints (RFC 9449 §8, §9). */
        DPOP,
        /** Challenge of client attestations (OAuth 2.0 Attestation-Based Client Authentication). */
        CLIENT_ATTESTATION
    }

    /**
     * A secret of the service.
     *
     * @param activeFrom new nonces are made with the newest secret that is active; all that are known are taken
     */
    public record Secret(int number, byte[] key, Instant activeFrom) {
        @Override
        public boolean equals(@org.jspecify.annotations.Nullable Object other) {
            return other instanceof Secret secret && number == secret.number && Arrays.equals(key, secret.key);
        }

        @Override
        public int hashCode() {
            return number;
        }

        @Override
        public String toString() {
            return "Secret[" + number + "]";
        }
    }

    private static final int TAG_BYTES = 16;
    private static final int CONTENT_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";

    /** The JDK's, whose state can be copied. */
    private static final String PROVIDER = "SunJCE";

    private final Supplier<List<Secret>> secrets;
    private final InstantSource clock;
    private final Map<Begun, Mac> begun = new ConcurrentHashMap<>();

    /** @param secrets as they are now, at least one of them active */
    public ServerNonces(Supplier<List<Secret>> secrets, InstantSource clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    /** A new nonce, good for {@code lifetime}. */
    public String next(Purpose purpose, Duration lifetime) {
        Instant now = clock.instant();
        List<Secret> known = secrets.get();
        if (begun.size() > known.size() * Purpose.values().length) {
            begun.keySet().removeIf(each -> !known.contains(each.secret()));
        }
        Secret newest = known.stream()
                .filter(secret -> !now.isBefore(secret.activeFrom()))
                .max((one, other) -> one.activeFrom().compareTo(other.activeFrom()))
                .orElseThrow(() -> new IllegalStateException("no secret is active"));
        byte[] content = ByteBuffer.allocate(CONTENT_BYTES)
                .putInt(newest.number())
                .putInt((int) now.plus(lifetime).getEpochSecond())
                .putLong(ThreadLocalRandom.current().nextLong())
                .array();
        return Base64Url.encode(ByteBuffer.allocate(CONTENT_BYTES + TAG_BYTES)
                .put(content)
                .put(tag(newest, purpose, content))
                .array());
    }

    /** Until when the nonce is good; empty if it is not one of ours for this purpose, or has expired. */
    public Optional<Instant> expiry(Purpose purpose, String nonce) {
        byte[] bytes;
        try {
            bytes = Base64Url.decode(nonce);
        } catch (Malformed notOurs) {
            return Optional.empty();
        }
        if (bytes.length != CONTENT_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        int number = read.getInt();
        Instant expiry = Instant.ofEpochSecond(Integer.toUnsignedLong(read.getInt()));
        byte[] content = Arrays.copyOf(bytes, CONTENT_BYTES);
        byte[] tag = Arrays.copyOfRange(bytes, CONTENT_BYTES, bytes.length);
        return secrets.get().stream()
                .filter(secret -> secret.number() == number)
                .filter(secret -> MessageDigest.isEqual(tag, tag(secret, purpose, content)))
                .findFirst()
                .filter(authentic -> clock.instant().isBefore(expiry))
                .map(authentic -> expiry);
    }

    private byte[] tag(Secret secret, Purpose purpose, byte[] content) {
        try {
            Mac mac = (Mac) begun.computeIfAbsent(new Begun(secret, purpose), Begun::mac)
                    .clone();
            return Arrays.copyOf(mac.doFinal(content), TAG_BYTES);
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What an HMAC begins with, computed once: it is most of the work. */
    private record Begun(Secret secret, Purpose purpose) {
        Mac mac() {
            try {
                Mac mac = Mac.getInstance(ALGORITHM, PROVIDER);
                mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
                mac.update(purpose.name().getBytes(StandardCharsets.US_ASCII));
                mac.update((byte) 0);
                return mac;
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("this Java has no " + ALGORITHM, impossible);
            }
        }
    }
}
