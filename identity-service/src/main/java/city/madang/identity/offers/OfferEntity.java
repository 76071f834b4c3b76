package city.madang.identity.offers;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
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

    @Nullable
    String code;

    @Column(name = "tx_code")
    @Nullable
    String txCode;

    @Column(name = "wrong_guesses")
    int wrongGuesses;

    Instant created;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "token_sha256")
    @Nullable
    String tokenSha256;

    @Column(name = "token_expires_at")
    @Nullable
    Instant tokenExpiresAt;

    @Column(name = "identifier_granted")
    boolean identifierGranted;

    /** Thumbprints of the keys that the credentials are bound to, in the order of the proofs, separated by a space. */
    @Column(name = "holder_keys")
    @Nullable
    String holderKeys;

    /** The issued credentials, separated by a space, until the token expires. */
    @Nullable
    String credentials;

    /** What it is now, even if the cleaner has not come by yet. */
    OfferState stateAt(Instant now) {
        OfferState stored = OfferState.of(state);
        boolean over =
                switch (stored) {
                    case OFFERED -> !now.isBefore(expiresAt);
                    case REDEEMED -> tokenExpiresAt == null || !now.isBefore(tokenExpiresAt);
                    case ISSUED, EXPIRED, LOCKED -> false;
                };
        return over ? OfferState.EXPIRED : stored;
    }

    /** Nothing personal or secret is kept of an offer that is over. */
    void end(OfferState last) {
        state = last.text();
        claims = null;
        code = null;
        txCode = null;
    }
}
