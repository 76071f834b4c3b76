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

    /** What it is now, even if the cleaner has not come by yet. */
    OfferState stateAt(Instant now) {
        OfferState stored = OfferState.of(state);
        boolean over =
                switch (stored) {
                    case OFFERED, REDEEMED -> !now.isBefore(expiresAt);
                    case ISSUED, EXPIRED, LOCKED, WITHDRAWN -> false;
                };
        return over ? OfferState.EXPIRED : stored;
    }

    boolean allows(String grant) {
        return List.of(grants.split(" ")).contains(grant);
    }

    /** Nothing personal or secret is kept of an offer that is over. */
    void end(OfferState last) {
        state = last.text();
        claims = null;
    }
}
