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
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets with which an offer is redeemed: computed from its id with a key of the keyring, and stored nowhere. Whoever reads
 * the database learns none, and the offer can still be shown for as long as it is open.
 */
@ApplicationScoped
public class OfferSecrets {

    /** Long enough that five guesses are hopeless, short enough to type. */
    static final int TX_CODE_DIGITS = 6;

    /** All replicas use the same key. Ed25519 signatures are deterministic (RFC 8032 §5.1.6): a secret comes of one. */
    private static final String KEY_ID = "identity/offers";

    private static final String HMAC = "HmacSHA256";
    private static final int ID_BYTES = 16;
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

    /** OpenID4VCI 1.0 §4.1.1; holds the offer's id, so that it is found by it. */
    String preAuthorizedCode(UUID offer) {
        return token("pre-authorized_code", offer);
    }

    /** The offer of a code that was made here; what is not, never reaches the database. */
    Optional<UUID> offerOfCode(String code) {
        return offerOf("pre-authorized_code", code);
    }

    String issuerState(UUID offer) {
        return token("issuer_state", offer);
    }

    Optional<UUID> offerOfIssuerState(String issuerState) {
        return offerOf("issuer_state", issuerState);
    }

    /** A transaction code: {@link #TX_CODE_DIGITS} decimal digits, leading zeros kept. */
    String txCode(UUID offer) {
        BigInteger number = new BigInteger(1, mac("tx_code", offer)).mod(TX_CODES);
        return String.format("%0" + TX_CODE_DIGITS + "d", number);
    }

    boolean isTxCode(UUID offer, String guess) {
        return MessageDigest.isEqual(
                txCode(offer).getBytes(StandardCharsets.UTF_8), guess.getBytes(StandardCharsets.UTF_8));
    }

    private String token(String purpose, UUID offer) {
        return Base64Url.encode(ByteBuffer.allocate(ID_BYTES + MAC_BYTES)
                .putLong(offer.getMostSignificantBits())
                .putLong(offer.getLeastSignificantBits())
                .put(mac(purpose, offer))
                .array());
    }

    private Optional<UUID> offerOf(String purpose, String token) {
        byte[] bytes;
        try {
            bytes = Base64Url.decode(token);
        } catch (Malformed foreign) {
            return Optional.empty();
        }
        if (bytes.length != ID_BYTES + MAC_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        UUID offer = new UUID(buffer.getLong(), buffer.getLong());
        byte[] mac = new byte[MAC_BYTES];
        buffer.get(mac);
        return MessageDigest.isEqual(mac, mac(purpose, offer)) ? Optional.of(offer) : Optional.empty();
    }

    private byte[] mac(String purpose, UUID offer) {
        if (key.length == 0) {
            throw new IllegalStateException("the key of offers was not derived yet");
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal((purpose + ' ' + offer).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
