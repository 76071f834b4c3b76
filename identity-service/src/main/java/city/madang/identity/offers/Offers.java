package city.madang.identity.offers;

import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.IdentityProblem;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.ClaimsFit;
import city.madang.identity.types.CredentialType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes and shows credential offers (OpenID4VCI 1.0 clause 4). */
@ApplicationScoped
public class Offers {

    private final OfferSecrets secrets;
    private final IdentitySettings settings;

    Offers(OfferSecrets secrets, IdentitySettings settings) {
        this.secrets = secrets;
        this.settings = settings;
    }

    /** Makes an offer for one holder, to be redeemed with the pre-authorized code. */
    Uni<UUID> create(
            Mutiny.Session session,
            CredentialType type,
            String holder,
            Map<String, Object> claims,
            @Nullable UUID application) {
        return create(session, type, holder, claims, application, List.of(CredentialOffer.PRE_AUTHORIZED_CODE));
    }

    /**
     * Makes an offer for one holder.
     *
     * @param grants names of {@link CredentialOffer}, at least one
     */
    Uni<UUID> create(
            Mutiny.Session session,
            CredentialType type,
            String holder,
            Map<String, Object> claims,
            @Nullable UUID application,
            List<String> grants) {
        return create(session, UUID.randomUUID(), type, holder, claims, application, grants);
    }

    /** @param isNew false if it was made before, for the same request */
    record Made(UUID id, boolean isNew) {}

    /**
     * Makes an offer for one holder, unless it was made for the same request before.
     *
     * @param request whatever is the same when the request is repeated, and no other's
     */
    Uni<Made> createOnce(
            Mutiny.Session session,
            String request,
            CredentialType type,
            String holder,
            Map<String, Object> claims,
            List<String> grants) {
        UUID id = secrets.idFor(request);
        return session.createNativeQuery("select 1 from pg_advisory_xact_lock(hashtextextended(?1, 2))")
                .setParameter(1, "offer " + id)
                .getSingleResult()
                .chain(() -> session.find(OfferEntity.class, id))
                .chain(found -> found != null
                        ? Uni.createFrom().item(new Made(id, false))
                        : create(session, id, type, holder, claims, null, grants)
                                .map(made -> new Made(made, true)));
    }

    private Uni<UUID> create(
            Mutiny.Session session,
            UUID id,
            CredentialType type,
            String holder,
            Map<String, Object> claims,
            @Nullable UUID application,
            List<String> grants) {
        Optional<String> mismatch = ClaimsFit.mismatch(type, claims);
        if (mismatch.isPresent()) {
            throw IdentityProblem.CLAIMS_DO_NOT_MATCH.with(mismatch.get());
        }
        OfferEntity offer = new OfferEntity();
        offer.id = id;
        offer.credentialType = type.id();
        offer.agency = type.agency();
        offer.holder = holder;
        offer.application = application;
        offer.state = OfferState.OFFERED.text();
        offer.claims = StrictJson.write(claims);
        offer.grants = String.join(" ", grants);
        offer.created = Instant.now();
        offer.expiresAt = offer.created.plus(settings.offer().lifetime());
        return session.persist(offer).chain(session::flush).replaceWith(offer.id);
    }

    /** An offer as its holder sees it. */
    record Shown(
            UUID id,
            OfferState state,
            String credentialType,
            @Nullable Redeemable redeemable,
            @Nullable String txCode,
            Instant expiresAt) {}

    Uni<Optional<Shown>> find(Mutiny.Session session, UUID id, String holder) {
        return session.find(OfferEntity.class, id)
                .map(offer ->
                        offer == null || !offer.holder.equals(holder) ? Optional.empty() : Optional.of(shown(offer)));
    }

    Uni<List<Shown>> list(Mutiny.Session session, String holder, @Nullable UUID after, int limit) {
        return session.createQuery("from OfferEntity where holder = ?1 and id > ?2 order by id", OfferEntity.class)
                .setParameter(1, holder)
                .setParameter(2, after == null ? new UUID(0, 0) : after)
                .setMaxResults(limit)
                .getResultList()
                .map(found -> found.stream().map(this::shown).toList());
    }

    private Shown shown(OfferEntity offer) {
        OfferState state = offer.stateAt(Instant.now());
        boolean open = state == OfferState.OFFERED;
        return new Shown(
                offer.id,
                state,
                offer.credentialType,
                open ? redeemable(offer) : null,
                open && offer.allows(CredentialOffer.PRE_AUTHORIZED_CODE)
                        ? secrets.txCode(OfferSecrets.Opening.of(offer))
                        : null,
                offer.expiresAt);
    }

    /**
     * What a wallet needs to redeem it, while it can be redeemed.
     *
     * @param code pre-authorized code, if that grant is allowed
     * @param issuerState for the authorization code, if that grant is allowed
     */
    public record Redeemable(String credentialType, @Nullable String code, @Nullable String issuerState) {}

    private Redeemable redeemable(OfferEntity offer) {
        OfferSecrets.Opening opening = OfferSecrets.Opening.of(offer);
        return new Redeemable(
                offer.credentialType,
                offer.allows(CredentialOffer.PRE_AUTHORIZED_CODE) ? secrets.preAuthorizedCode(opening) : null,
                offer.allows(CredentialOffer.AUTHORIZATION_CODE) ? secrets.issuerState(opening) : null);
    }

    /** The offer behind a {@code credential_offer_uri}; knowing its random id is all that is needed to see it. */
    Uni<Optional<Redeemable>> redeemable(Mutiny.Session session, UUID id) {
        return session.find(OfferEntity.class, id).map(offer -> {
            if (offer == null || offer.stateAt(Instant.now()) != OfferState.OFFERED) {
                return Optional.empty();
            }
            return Optional.of(redeemable(offer));
        });
    }
}
