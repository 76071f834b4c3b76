package city.madang.identity.offers;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.kit.keys.Keyring;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets with which an offer is redeemed: computed from its id and when it was opened, with a key of the keyring, and stored nowhere. Whoever reads
 * the database learns none, and the offer can still be shown for as long as it is open.
 */
@ApplicationScoped
public class OfferSecrets {

    /** Long enough that five guesses are hopeless, short enough to type. */
    static final int TX_CODE_DIGITS = 6;

    /** All replicas use the same key. Ed25519 signatures are deterministic (RFC 8032 §5.1.6): a secret comes of one. */
    private static final String KEY_ID = "identity/offers";

    private static final String HMAC = "HmacSHA256";
    private static final int OPENING_BYTES = 24;
    private static final int MAC_BYTES = 32;
    private static final BigInteger TX_CODES = BigInteger.TEN.pow(TX_CODE_DIGITS);

    private final Keyring keyring;
    private byte[] key = new byte[0];

    OfferSecrets(Keyring keyring) {
        this.keyring = keyring;
    }

    void derive(@Observes StartupEvent started) {
        keyring.createIfAbsent(KEY_ID, Keyring.Algorithm.ED25519);
        key = Sha256.of(keyring.sign(KEY_ID, "madang offer secrets 1".getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * An offer at the moment when it was opened: each time it is opened anew, its secrets are others.
     *
     * @param openedMicros since 1970, as the database keeps it
     */
    record Opening(UUID offer, long openedMicros) {

        static Opening of(OfferEntity offer) {
            return new Opening(offer.id, ChronoUnit.MICROS.between(Instant.EPOCH, offer.created));
        }
    }

    /** OpenID4VCI 1.0 §4.1.1; holds the offer's id, so that it is found by it. */
    String preAuthorizedCode(Opening opening) {
        return token("pre-authorized_code", opening);
    }

    /** The offer of a code that was made here; what is not, never reaches the database. */
    Optional<Opening> openingOfCode(String code) {
        return openingOf("pre-authorized_code", code);
    }

    String issuerState(Opening opening) {
        return token("issuer_state", opening);
    }

    Optional<Opening> openingOfIssuerState(String issuerState) {
        return openingOf("issuer_state", issuerState);
    }

    /** The id of the offer that is made for this request, however often it comes: as unguessable as a random one. */
    UUID idFor(String request) {
        ByteBuffer bytes = ByteBuffer.wrap(mac("request", request));
        long version = (bytes.getLong() & ~0xf000L) | 0x8000L;
        long variant = (bytes.getLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(version, variant);
    }

    /** A transaction code: {@link #TX_CODE_DIGITS} decimal digits, leading zeros kept. */
    String txCode(Opening opening) {
        BigInteger number = new BigInteger(1, mac("tx_code", opening)).mod(TX_CODES);
        return String.format("%0" + TX_CODE_DIGITS + "d", number);
    }

    boolean isTxCode(Opening opening, String guess) {
        return MessageDigest.isEqual(
                txCode(opening).getBytes(StandardCharsets.UTF_8), guess.getBytes(StandardCharsets.UTF_8));
    }

    private String token(String purpose, Opening opening) {
        return Base64Url.encode(ByteBuffer.allocate(OPENING_BYTES + MAC_BYTES)
                .putLong(opening.offer().getMostSignificantBits())
                .putLong(opening.offer().getLeastSignificantBits())
                .putLong(opening.openedMicros())
                .put(mac(purpose, opening))
                .array());
    }

    private Optional<Opening> openingOf(String purpose, String token) {
        byte[] bytes;
        try {
            bytes = Base64Url.decode(token);
        } catch (Malformed foreign) {
            return Optional.empty();
        }
        if (bytes.length != OPENING_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Opening opening = new Opening(new UUID(buffer.getLong(), buffer.getLong()), buffer.getLong());
        byte[] mac = new byte[MAC_BYTES];
        buffer.get(mac);
        return MessageDigest.isEqual(mac, mac(purpose, opening)) ? Optional.of(opening) : Optional.empty();
    }

    private byte[] mac(String purpose, Opening opening) {
        return mac(purpose, opening.offer() + " " + opening.openedMicros());
    }

    private byte[] mac(String purpose, String what) {
        if (key.length == 0) {
            throw new IllegalStateException("the key of offers was not derived yet");
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal((purpose + ' ' + what).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
