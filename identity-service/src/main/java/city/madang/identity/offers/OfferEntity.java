package city.madang.identity.offers;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "credential_offer")
class OfferEntity {
    @Id
    UUID id;

    @Column(name = "credential_type")
    String credentialType;

    String agency;
    String holder;

    @Nullable
    UUID application;

    String state;

    @Nullable
    String claims;

    /** Names of the grants that a wallet may use, separated by a space. */
    String grants;

    @Column(name = "wrong_guesses")
    int wrongGuesses;

    Instant created;

    /** Until it is redeemed: when the offer ends; from then on: when the grant that it was redeemed for ends. */
    @Column(name = "expires_at")
    Instant expiresAt;

    /** Thumbprints of the keys that the credentials are bound to, in the order of the proofs, separated by a space. */
    @Column(name = "holder_keys")
    @Nullable
    String holderKeys;

    /** The issued credentials, separated by a space, until the grant ends. */
    @Nullable
    String credentials;

    /** What it is now, even if the cleaner has not come by yet. */
    OfferState stateAt(Instant now) {
        OfferState stored = OfferState.of(state);
        boolean over =
                switch (stored) {
                    case OFFERED, REDEEMED -> !now.isBefore(expiresAt);
                    case ISSUED, EXPIRED, LOCKED -> false;
                };
        return over ? OfferState.EXPIRED : stored;
    }

    boolean allows(String grant) {
        return List.of(grants.split(" ")).contains(grant);
    }

    /** Whether a wallet has come for it, and it was not ended since. */
    boolean isRedeemed() {
        OfferState stored = OfferState.of(state);
        return stored == OfferState.REDEEMED || stored == OfferState.ISSUED;
    }

    /** Nothing personal or secret is kept of an offer that is over. */
    void end(OfferState last) {
        state = last.text();
        claims = null;
    }
}
