package city.madang.identity.offers;

import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Exchanges a pre-authorized code and its transaction code for an access token, once (OpenID4VCI 1.0 clause 6). */
@ApplicationScoped
public class Redemption {

    /** Wrong transaction codes after which the offer is dead: a thief of the code guesses with a chance of 1 in 200,000. */
    static final int GUESSES = 5;

    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;

    Redemption(Mutiny.SessionFactory sessions, IdentitySettings settings) {
        this.sessions = sessions;
        this.settings = settings;
    }

    /** What became of a token request. */
    public sealed interface Outcome {
        /** @param token opaque; only its hash is kept */
        record Token(String token, long expiresInSeconds, String credentialType) implements Outcome {}

        /** Unknown, used, expired or dead: not told apart. */
        record InvalidCode() implements Outcome {}

        record MissingTxCode() implements Outcome {}

        record WrongTxCode() implements Outcome {}

        /** The request asks for a credential that the offer is not for. */
        record OtherCredential() implements Outcome {}
    }

    /** @param identifierFor credential configuration named in {@code authorization_details}, if any */
    public Uni<Outcome> redeem(String code, @Nullable String txCode, @Nullable String identifierFor) {
        return sessions.withTransaction(
                session -> session.createQuery("from OfferEntity where code = ?1", OfferEntity.class)
                        .setParameter(1, code)
                        .setLockMode(LockMode.PESSIMISTIC_WRITE)
                        .getSingleResultOrNull()
                        .map(offer -> redeem(offer, txCode, identifierFor)));
    }

    private Outcome redeem(@Nullable OfferEntity offer, @Nullable String txCode, @Nullable String identifierFor) {
        Instant now = Instant.now();
        if (offer == null || offer.txCode == null || offer.stateAt(now) != OfferState.OFFERED) {
            return new Outcome.InvalidCode();
        }
        if (txCode == null) {
            return new Outcome.MissingTxCode();
        }
        if (!sameText(txCode, offer.txCode)) {
            offer.wrongGuesses++;
            if (offer.wrongGuesses >= GUESSES) {
                offer.end(OfferState.LOCKED);
            }
            return new Outcome.WrongTxCode();
        }
        if (identifierFor != null && !identifierFor.equals(offer.credentialType)) {
            return new Outcome.OtherCredential();
        }
        String token = Secrets.next();
        offer.state = OfferState.REDEEMED.text();
        offer.code = null;
        offer.txCode = null;
        offer.tokenSha256 = Sha256.hex(token);
        offer.tokenExpiresAt = now.plus(settings.offer().tokenLifetime());
        offer.identifierGranted = identifierFor != null;
        return new Outcome.Token(token, settings.offer().tokenLifetime().toSeconds(), offer.credentialType);
    }

    private static boolean sameText(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
