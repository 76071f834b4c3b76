package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.offers.Fulfilment;
import city.madang.identity.types.Claim;
import city.madang.identity.types.ClaimSource;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.Format;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the claims of a credential come from: the offer, the sign-in, or an agency that is yet to be asked. */
@Singleton
public class ClaimsOf {

    private final Fulfilment fulfilment;

    ClaimsOf(Fulfilment fulfilment) {
        this.fulfilment = fulfilment;
    }

    sealed interface Found {
        /** @param offer that they stand in, if any */
        record Claims(Map<String, ? extends @Nullable Object> claims, @Nullable UUID offer, @Nullable UUID application)
                implements Found {
            /** Says nothing of the holder. */
            @Override
            public String toString() {
                return "Claims";
            }
        }

        /** The offer was used. */
        record IssuedBefore() implements Found {}

        /** The offer was withdrawn or has expired. */
        record Over() implements Found {}

        /** The agency has to be asked. */
        record Unknown() implements Found {}

        /** The sign-in lacks what the type needs. */
        record Lacking() implements Found {}
    }

    Uni<Found> find(AccessGrant grant, CredentialType type) {
        if (grant.offer() != null) {
            Fulfilment.Offered offered = grant.offered();
            return Uni.createFrom().item(offered == null ? new Found.Over() : of(offered));
        }
        if (type.source() == ClaimSource.SIGN_IN) {
            return Uni.createFrom().item(signedIn(type, grant.signInClaims()));
        }
        return fulfilment.newestOpen(grant.holder(), type.id()).map(found -> found.<Found>map(ClaimsOf::of)
                .orElseGet(Found.Unknown::new));
    }

    private static Found of(Fulfilment.Offered offer) {
        Map<String, @Nullable Object> claims = offer.claims();
        return claims == null ? new Found.IssuedBefore() : new Found.Claims(claims, offer.id(), offer.application());
    }

    /** The claims of the type that the sign-in has, by the last part of their path. */
    private static Found signedIn(CredentialType type, Map<String, Object> signIn) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (Claim claim : type.claims()) {
            @Nullable Object value = signIn.get(claim.name());
            if (value == null && claim.mandatory()) {
                return new Found.Lacking();
            }
            if (value != null && (claim.path().size() == 1 || type.format() == Format.MSO_MDOC)) {
                put(claims, claim, value);
            }
        }
        return claims.isEmpty() ? new Found.Lacking() : new Found.Claims(claims, null, null);
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> claims, Claim claim, Object value) {
        if (claim.path().size() == 1) {
            claims.put(claim.name(), value);
        } else {
            ((Map<String, Object>) claims.computeIfAbsent(claim.path().getFirst(), space -> new LinkedHashMap<>()))
                    .put(claim.name(), value);
        }
    }
}
