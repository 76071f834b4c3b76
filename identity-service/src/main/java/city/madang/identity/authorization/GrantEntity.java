package city.madang.identity.authorization;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "wallet_grant")
class GrantEntity {
    @Id
    UUID id;

    @Column(name = "client_id")
    @Nullable
    String clientId;

    String holder;

    @Nullable
    UUID offer;

    String credentials;

    @Nullable
    String assurance;

    @Column(name = "sign_in_claims")
    @Nullable
    String signInClaims;

    @Column(name = "dpop_jkt")
    @Nullable
    String dpopJkt;

    @Column(name = "attestation_jkt")
    @Nullable
    String attestationJkt;

    @Column(name = "code_sha256")
    @Nullable
    String codeSha256;

    @Column(name = "code_challenge")
    @Nullable
    String codeChallenge;

    @Column(name = "code_redirect")
    @Nullable
    String codeRedirect;

    @Column(name = "code_expires_at")
    @Nullable
    Instant codeExpiresAt;

    @Column(name = "code_used")
    boolean codeUsed;

    int generation;

    @Column(name = "rotated_at")
    @Nullable
    Instant rotatedAt;

    Instant created;

    @Column(name = "expires_at")
    Instant expiresAt;
}
