package city.madang.identity.presentation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request as the agency and the applicant see it.
 *
 * @param clientId with its prefix
 * @param isSameDevice whether the browser returns to the agency
 * @param failure how the last answer that was refused failed
 * @param walletError with what code the wallet declined
 */
record Shown(
        UUID id,
        String agency,
        PresentationState state,
        String clientId,
        String requestUri,
        boolean isSameDevice,
        Instant expiresAt,
        @Nullable Failure failure,
        @Nullable String walletError) {

    /**
     * @param step name of the check
     * @param reason for developers; holds no personal data
     */
    record Failure(String step, String reason, Instant at) {}

    static Shown of(PresentationEntity entity, String issuer) {
        String step = entity.failedStep;
        String reason = entity.failedReason;
        Instant at = entity.failedAt;
        return new Shown(
                entity.id,
                entity.agency,
                entity.stateAt(Instant.now()),
                entity.clientId,
                issuer + "/request/" + entity.id,
                entity.isSameDevice(),
                entity.expiresAt,
                step == null || reason == null || at == null ? null : new Failure(step, reason, at),
                entity.walletError);
    }

    Shown withoutFailure() {
        return new Shown(id, agency, state, clientId, requestUri, isSameDevice, expiresAt, null, walletError);
    }

    /** Opens any wallet (OpenID4VP 1.0 §13.1.2). */
    String authorizationRequest() {
        return "openid4vp://?" + parameters();
    }

    /** Opens a wallet that keeps to HAIP (HAIP 1.0 §5.1). */
    String haipAuthorizationRequest() {
        return "haip-vp://?" + parameters();
    }

    private String parameters() {
        return "client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8)
                + "&request_uri=" + URLEncoder.encode(requestUri, StandardCharsets.UTF_8)
                + "&request_uri_method=post";
    }
}
