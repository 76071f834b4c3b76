package city.madang.identity.offers;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
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
     * An offer whose access token is good.
     *
     * @param claims null once issued
     * @param identifierGranted whether the token request asked for a {@code credential_identifier}
     */
    public record Authorised(
            UUID offer,
            String credentialType,
            @Nullable Map<String, @Nullable Object> claims,
            boolean identifierGranted) {}

    public Uni<Optional<Authorised>> authorised(Mutiny.Session session, String token) {
        return byToken(session, token, LockMode.READ)
                .map(found -> found.map(offer -> {
                    try {
                        return new Authorised(
                                offer.id,
                                offer.credentialType,
                                offer.claims == null ? null : StrictJson.object(offer.claims),
                                offer.identifierGranted);
                    } catch (Malformed damaged) {
                        throw new IllegalStateException("offer " + offer.id + " is damaged", damaged);
                    }
                }));
    }

    /** What became of the issuance. */
    public sealed interface Outcome {
        /** Issued now, or earlier to the same keys and given again because the answer may have been lost. */
        record Issued(List<String> credentials) implements Outcome {}

        /** Issued earlier to other keys. */
        record AlreadyIssued() implements Outcome {}

        record InvalidToken() implements Outcome {}
    }

    /** The credentials issued earlier with this token, if it was to these keys. */
    public Uni<Outcome> again(Mutiny.Session session, String token, List<String> keys) {
        return byToken(session, token, LockMode.READ)
                .map(found -> found.map(offer -> again(offer, keys)).orElseGet(Outcome.InvalidToken::new));
    }

    private static Outcome again(OfferEntity offer, List<String> keys) {
        return offer.credentials != null && String.join(" ", keys).equals(offer.holderKeys)
                ? new Outcome.Issued(List.of(offer.credentials.split(" ")))
                : new Outcome.AlreadyIssued();
    }

    /** Keeps what was signed, unless another request was faster. */
    public Uni<Outcome> issue(Mutiny.Session session, String token, List<String> keys, List<String> credentials) {
        return byToken(session, token, LockMode.PESSIMISTIC_WRITE).chain(found -> {
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

    private static Uni<Optional<OfferEntity>> byToken(Mutiny.Session session, String token, LockMode lock) {
        return session.createQuery("from OfferEntity where tokenSha256 = ?1", OfferEntity.class)
                .setParameter(1, Sha256.hex(token))
                .setLockMode(lock)
                .getSingleResultOrNull()
                .map(offer -> offer == null
                                || offer.tokenExpiresAt == null
                                || !Instant.now().isBefore(offer.tokenExpiresAt)
                        ? Optional.empty()
                        : Optional.of(offer));
    }
}
