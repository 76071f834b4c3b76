package city.madang.identity.offers;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Turns an open offer into one that is being issued, once: by its pre-authorized code, or by its holder's sign-in. */
@ApplicationScoped
public class Redemption {

    /** Wrong transaction codes after which the offer is dead: a thief of the code guesses with a chance of 1 in 200,000. */
    static final int GUESSES = 5;

    /** So long an offer that was opened anew is open at least: what was granted for it may have been shorter. */
    private static final Duration REOPENED = Duration.ofHours(1);

    private final OfferSecrets secrets;

    Redemption(OfferSecrets secrets) {
        this.secrets = secrets;
    }

    /** What became of an attempt. */
    public sealed interface Outcome {
        /** @param until when the offer, and with it whatever was granted for it, ends */
        record Redeemed(UUID offer, String holder, String credentialType, Instant until) implements Outcome {}

        /** Unknown, used, expired or dead: not told apart. */
        record InvalidCode() implements Outcome {}

        record MissingTxCode() implements Outcome {}

        record WrongTxCode() implements Outcome {}

        /** The request asks for a credential that the offer is not for. */
        record OtherCredential() implements Outcome {}
    }

    /**
     * Redeems a pre-authorized code within the session's transaction, which must be committed whatever comes of it: a wrong
     * guess counts.
     *
     * @param asked credential configurations that the request names; empty: whatever the offer is for
     * @param until when what is granted shall end, given when the offer does
     */
    public Uni<Outcome> redeem(
            Mutiny.Session session,
            String code,
            @Nullable String txCode,
            Set<String> asked,
            UnaryOperator<Instant> until) {
        Optional<OfferSecrets.Opening> found = secrets.openingOfCode(code);
        if (found.isEmpty()) {
            return Uni.createFrom().item(new Outcome.InvalidCode());
        }
        OfferSecrets.Opening opening = found.get();
        return session.find(OfferEntity.class, opening.offer(), LockMode.PESSIMISTIC_WRITE)
                .map(offer -> {
                    if (!isOpen(offer, CredentialOffer.PRE_AUTHORIZED_CODE)
                            || !OfferSecrets.Opening.of(offer).equals(opening)) {
                        return new Outcome.InvalidCode();
                    }
                    if (txCode == null) {
                        return new Outcome.MissingTxCode();
                    }
                    if (!secrets.isTxCode(opening, txCode)) {
                        offer.wrongGuesses++;
                        if (offer.wrongGuesses >= GUESSES) {
                            offer.end(OfferState.LOCKED);
                        }
                        return new Outcome.WrongTxCode();
                    }
                    if (!Set.of(offer.credentialType).containsAll(asked)) {
                        return new Outcome.OtherCredential();
                    }
                    return redeem(offer, until);
                });
    }

    /** Redeems an offer for its holder, who has signed in. */
    public Uni<Outcome> redeem(Mutiny.Session session, UUID id, String holder, UnaryOperator<Instant> until) {
        return session.find(OfferEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .map(offer -> isOpen(offer, CredentialOffer.AUTHORIZATION_CODE) && offer.holder.equals(holder)
                        ? redeem(offer, until)
                        : new Outcome.InvalidCode());
    }

    /** An open offer that may be redeemed by signing in. */
    public record Open(UUID id, String holder, String credentialType) {}

    /** The offer that an {@code issuer_state} is of, if it is open and may be redeemed by signing in. */
    public Uni<Optional<Open>> open(Mutiny.Session session, String issuerState) {
        Optional<OfferSecrets.Opening> opening = secrets.openingOfIssuerState(issuerState);
        return opening.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : session.find(OfferEntity.class, opening.get().offer())
                        .map(offer ->
                                offer != null && OfferSecrets.Opening.of(offer).equals(opening.get())
                                        ? open(offer)
                                        : Optional.empty());
    }

    public Uni<Optional<Open>> open(Mutiny.Session session, UUID id) {
        return session.find(OfferEntity.class, id).map(Redemption::open);
    }

    private static Optional<Open> open(@Nullable OfferEntity offer) {
        return offer != null && isOpen(offer, CredentialOffer.AUTHORIZATION_CODE)
                ? Optional.of(new Open(offer.id, offer.holder, offer.credentialType))
                : Optional.empty();
    }

    /** What became of a wish to redeem an offer anew. */
    public enum Reopened {
        OPEN,
        /** Issued, expired or dead. */
        OVER,
        /** Not the holder's, or none. */
        UNKNOWN
    }

    /**
     * Opens an offer anew for its holder, with new codes, if it was redeemed and nothing was issued from it: the wallet may have lost
     * what it was answered. What was granted for it before has to end in the same transaction. Wrong guesses stay counted.
     */
    public Uni<Reopened> reopen(Mutiny.Session session, UUID id, String holder) {
        return session.find(OfferEntity.class, id, LockMode.PESSIMISTIC_WRITE).map(offer -> {
            if (offer == null || !offer.holder.equals(holder)) {
                return Reopened.UNKNOWN;
            }
            Instant now = Instant.now();
            OfferState state = offer.stateAt(now);
            if (state == OfferState.REDEEMED) {
                offer.state = OfferState.OFFERED.text();
                offer.created = now;
                Instant least = now.plus(REOPENED);
                offer.expiresAt = offer.expiresAt.isBefore(least) ? least : offer.expiresAt;
            }
            return state == OfferState.REDEEMED || state == OfferState.OFFERED ? Reopened.OPEN : Reopened.OVER;
        });
    }

    private static boolean isOpen(@Nullable OfferEntity offer, String grant) {
        return offer != null && offer.stateAt(Instant.now()) == OfferState.OFFERED && offer.allows(grant);
    }

    private static Outcome.Redeemed redeem(OfferEntity offer, UnaryOperator<Instant> until) {
        offer.state = OfferState.REDEEMED.text();
        offer.expiresAt = until.apply(offer.expiresAt);
        return new Outcome.Redeemed(offer.id, offer.holder, offer.credentialType, offer.expiresAt);
    }
}
