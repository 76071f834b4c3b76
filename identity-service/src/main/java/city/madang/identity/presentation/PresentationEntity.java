package city.madang.identity.presentation;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "presentation")
class PresentationEntity {
    @Id
    UUID id;

    String agency;
    UUID certificate;

    @Nullable
    UUID application;

    @Nullable
    String applicant;

    @Column(name = "dcql_query")
    String dcqlQuery;

    String state;

    @Column(name = "client_id")
    String clientId;

    String nonce;

    @Column(name = "wallet_state")
    String walletState;

    @Column(name = "encryption_key")
    @Nullable
    String encryptionKey;

    Instant created;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Nullable
    String result;

    /** What it is now, even if the cleaner has not come by yet. */
    PresentationState stateAt(Instant now) {
        PresentationState stored = PresentationState.of(state);
        return stored == PresentationState.REQUESTED && !now.isBefore(expiresAt) ? PresentationState.EXPIRED : stored;
    }

    boolean isOpenAt(Instant now) {
        return stateAt(now) == PresentationState.REQUESTED && encryptionKey != null;
    }

    void end(PresentationState last) {
        state = last.text();
        encryptionKey = null;
    }

    Map<String, @Nullable Object> dcqlJson() {
        try {
            return StrictJson.object(dcqlQuery);
        } catch (Malformed damaged) {
            throw new IllegalStateException("presentation " + id + " is damaged", damaged);
        }
    }

    DcqlQuery dcql() {
        try {
            return DcqlQuery.parse(dcqlJson());
        } catch (Malformed damaged) {
            throw new IllegalStateException("presentation " + id + " is damaged", damaged);
        }
    }
}
