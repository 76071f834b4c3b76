package city.madang.identity.offers;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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
        Optional<UUID> id = secrets.offerOfCode(code);
        if (id.isEmpty()) {
            return Uni.createFrom().item(new Outcome.InvalidCode());
        }
        return session.find(OfferEntity.class, id.get(), LockMode.PESSIMISTIC_WRITE)
                .map(offer -> {
                    if (!isOpen(offer, CredentialOffer.PRE_AUTHORIZED_CODE)) {
                        return new Outcome.InvalidCode();
                    }
                    if (txCode == null) {
                        return new Outcome.MissingTxCode();
                    }
                    if (!secrets.isTxCode(offer.id, txCode)) {
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
        Optional<UUID> id = secrets.offerOfIssuerState(issuerState);
        return id.isEmpty() ? Uni.createFrom().item(Optional.empty()) : open(session, id.get());
    }

    public Uni<Optional<Open>> open(Mutiny.Session session, UUID id) {
        return session.find(OfferEntity.class, id)
                .map(offer -> isOpen(offer, CredentialOffer.AUTHORIZATION_CODE)
                        ? Optional.of(new Open(offer.id, offer.holder, offer.credentialType))
                        : Optional.empty());
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
