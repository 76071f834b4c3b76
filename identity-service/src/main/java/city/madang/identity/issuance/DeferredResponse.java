package city.madang.identity.issuance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A Credential Response whose credentials come later (OpenID4VCI 1.0 §8.3, §9.2).
 *
 * @param transactionId to fetch them with
 * @param interval seconds to wait before
 */
@RegisterForReflection // written by hand
@Schema(
        name = "DeferredCredentialResponse",
        description =
                "A Credential Response without credentials yet (OpenID4VCI 1.0 §8.3, §9.2), which leaves room for other parameters",
        additionalProperties = Schema.True.class)
record DeferredResponse(
        @NotNull @JsonProperty("transaction_id") String transactionId,
        @Schema(required = true, minimum = "1") long interval) {

    static final String ENCRYPTED =
            "Where the wallet asked for it: a compact JWE (OpenID4VCI 1.0 §10) in which DeferredCredentialResponse is encrypted";
}
