package city.madang.identity.issuance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A Credential Response with credentials (OpenID4VCI 1.0 §8.3).
 *
 * @param credentials one for each key
 * @param notificationId names them all at the Notification Endpoint
 */
@RegisterForReflection // written by hand
@Schema(
        description = "A Credential Response (OpenID4VCI 1.0 §8.3), which leaves room for other parameters",
        additionalProperties = Schema.True.class)
record CredentialResponse(
        @NotNull @Schema(minItems = 1) List<Credential> credentials,
        @NotNull @JsonProperty("notification_id") String notificationId) {

    static final String ENCRYPTED =
            "Where the wallet asked for it: a compact JWE (OpenID4VCI 1.0 §10) in which CredentialResponse is encrypted";

    /** @param credential a compact SD-JWT VC (appendix A.3.4), or base64url of an mdoc's IssuerSigned (appendix A.2.4) */
    @RegisterForReflection
    @Schema(name = "IssuedCredential", additionalProperties = Schema.True.class)
    record Credential(@NotNull String credential) {

        /** Holds no credential: an answer may end up in a log line. */
        @Override
        public String toString() {
            return "Credential";
        }
    }
}
