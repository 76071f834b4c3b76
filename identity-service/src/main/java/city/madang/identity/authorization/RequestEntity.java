package city.madang.identity.authorization;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An authorization request between PAR and the code. */
@Entity
@Table(name = "authorization_request")
class RequestEntity {
    @Id
    UUID id;

    /** Until the citizen has come back from the sign-in. */
    @Column(name = "request_uri_sha256")
    @Nullable
    String requestUriSha256;

    /** Until then a browser may come with it. */
    @Column(name = "request_uri_expires_at")
    @Nullable
    Instant requestUriExpiresAt;

    @Column(name = "client_id")
    String clientId;

    @Column(name = "client_name")
    @Nullable
    String clientName;

    @Column(name = "redirect_uri")
    String redirectUri;

    @Nullable
    String state;

    @Column(name = "code_challenge")
    String codeChallenge;

    @Column(name = "dpop_jkt")
    @Nullable
    String dpopJkt;

    @Column(name = "attestation_jkt")
    @Nullable
    String attestationJkt;

    String credentials;

    @Nullable
    UUID offer;

    /** Levels that the sign-in must reach, separated by a space. */
    @Nullable
    String acr;

    /** Hash of the state given to the OpenID provider, until the browser comes back. */
    @Column(name = "sign_in_state")
    @Nullable
    String signInState;

    /** Hash of the cookie of the browser that signs in. */
    @Column(name = "browser_sha256")
    @Nullable
    String browserSha256;

    /** Hash of the consent form's token, while the citizen is asked. */
    @Column(name = "consent_sha256")
    @Nullable
    String consentSha256;

    /** Who signed in, as JSON, while the citizen is asked. */
    @Column(name = "signed_in")
    @Nullable
    String signedIn;

    @Column(name = "expires_at")
    Instant expiresAt;
}
