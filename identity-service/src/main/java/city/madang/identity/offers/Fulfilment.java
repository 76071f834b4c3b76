package city.madang.identity.offers;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.kit.events.Event;
import city.madang.kit.events.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The last step of an offer: its credentials are issued to the keys that were proven, once. */
@ApplicationScoped
public class Fulfilment {

    private final Outbox outbox;

    Fulfilment(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * An offer that was redeemed.
     *
     * @param claims null once issued
     */
    public record Authorised(UUID offer, String credentialType, @Nullable Map<String, @Nullable Object> claims) {}

    public Uni<Optional<Authorised>> authorised(Mutiny.Session session, UUID offer) {
        return redeemed(session, offer, LockMode.READ)
                .map(found -> found.map(entity -> {
                    try {
                        return new Authorised(
                                entity.id,
                                entity.credentialType,
                                entity.claims == null ? null : StrictJson.object(entity.claims));
                    } catch (Malformed damaged) {
                        throw new IllegalStateException("offer " + entity.id + " is damaged", damaged);
                    }
                }));
    }

    /** What became of the issuance. */
    public sealed interface Outcome {
        /** Issued now, or earlier to the same keys and given again because the answer may have been lost. */
        record Issued(List<String> credentials) implements Outcome {}

        /** Issued earlier to other keys. */
        record AlreadyIssued() implements Outcome {}

        /** The offer is over. */
        record InvalidToken() implements Outcome {}
    }

    /** The credentials issued earlier for this offer, if it was to these keys. */
    public Uni<Outcome> again(Mutiny.Session session, UUID offer, List<String> keys) {
        return redeemed(session, offer, LockMode.READ)
                .map(found -> found.map(entity -> again(entity, keys)).orElseGet(Outcome.InvalidToken::new));
    }

    private static Outcome again(OfferEntity offer, List<String> keys) {
        return offer.credentials != null && String.join(" ", keys).equals(offer.holderKeys)
                ? new Outcome.Issued(List.of(offer.credentials.split(" ")))
                : new Outcome.AlreadyIssued();
    }

    /** Keeps what was signed, unless another request was faster. */
    public Uni<Outcome> issue(Mutiny.Session session, UUID id, List<String> keys, List<String> credentials) {
        return redeemed(session, id, LockMode.PESSIMISTIC_WRITE).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.InvalidToken());
            }
            OfferEntity offer = found.get();
            if (OfferState.of(offer.state) == OfferState.ISSUED) {
                return Uni.createFrom().item(again(offer, keys));
            }
            offer.end(OfferState.ISSUED);
            offer.holderKeys = String.join(" ", keys);
            offer.credentials = String.join(" ", credentials);
            return outbox.add(session, issued(offer)).replaceWith(new Outcome.Issued(credentials));
        });
    }

    private static Event issued(OfferEntity offer) {
        JsonObject data = new JsonObject()
                .put("offer", offer.id.toString())
                .put("credential_configuration_id", offer.credentialType);
        if (offer.application != null) {
            data.put("application", offer.application.toString());
        }
        return Event.now("credential.issued", offer.id.toString(), data);
    }

    private static Uni<Optional<OfferEntity>> redeemed(Mutiny.Session session, UUID id, LockMode lock) {
        return session.find(OfferEntity.class, id, lock)
                .map(offer -> offer == null || !Instant.now().isBefore(offer.expiresAt) || !offer.isRedeemed()
                        ? Optional.empty()
                        : Optional.of(offer));
    }
}
