package city.madang.identity.presentation;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
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

    /** Empty once the request has ended. */
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

    @Column(name = "client_id_prefix")
    String clientIdPrefix;

    @Column(name = "response_mode")
    String responseMode;

    @Column(name = "key_thumbprint")
    @Nullable
    String keyThumbprint;

    @Column(name = "transaction_data")
    @Nullable
    String transactionData;

    @Column(name = "redirect_uri")
    @Nullable
    String redirectUri;

    @Column(name = "response_code_sha256")
    @Nullable
    String responseCodeSha256;

    @Column(name = "browser_sha256")
    @Nullable
    String browserSha256;

    @Column(name = "failed_step")
    @Nullable
    String failedStep;

    @Column(name = "failed_reason")
    @Nullable
    String failedReason;

    @Column(name = "failed_at")
    @Nullable
    Instant failedAt;

    @Column(name = "answer_sha256")
    @Nullable
    String answerSha256;

    @Column(name = "wallet_error")
    @Nullable
    String walletError;

    /** What it is now, even if the cleaner has not come by yet. */
    PresentationState stateAt(Instant now) {
        PresentationState stored = PresentationState.of(state);
        return stored == PresentationState.REQUESTED && !now.isBefore(expiresAt) ? PresentationState.EXPIRED : stored;
    }

    boolean isOpenAt(Instant now) {
        return stateAt(now) == PresentationState.REQUESTED;
    }

    /** Forgets what only an open request needs; a query may hold what somebody is known to be, in its {@code values}. */
    void end(PresentationState last) {
        state = last.text();
        encryptionKey = null;
        transactionData = null;
        dcqlQuery = "";
    }

    ClientIdPrefix prefix() {
        return ClientIdPrefix.of(clientIdPrefix).orElseThrow();
    }

    ResponseMode mode() {
        return ResponseMode.of(responseMode).orElseThrow();
    }

    /** Whether the browser that began it must also end it, because it has somewhere to return to. */
    boolean isSameDevice() {
        return redirectUri != null;
    }

    /** As it stands in the request; empty if nothing is to be signed for. */
    List<String> transactionDataTexts() {
        String texts = transactionData;
        try {
            return texts == null
                    ? List.of()
                    : StrictJson.array(texts).stream().map(String::valueOf).toList();
        } catch (Malformed damaged) {
            throw new IllegalStateException("presentation " + id + " is damaged", damaged);
        }
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
