package city.madang.identity.issuance;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.OpenIdError;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Credential Request (OpenID4VCI 1.0 §8.2), read and checked against what the access token is for. */
sealed interface CredentialRequest {

    record Good(KeyProofs proofs) implements CredentialRequest {}

    record Bad(OpenIdError error) implements CredentialRequest {}

    /**
     * Reads a request.
     *
     * @param granted the credential that the access token is for
     * @param identifierGranted whether the token response named a {@code credential_identifier}
     */
    static CredentialRequest read(String body, String granted, boolean identifierGranted, String issuer, Instant now) {
        Map<String, @Nullable Object> request;
        try {
            request = StrictJson.object(body);
        } catch (Malformed notJson) {
            return bad("invalid_credential_request", "the request must be a JSON object");
        }
        if (request.containsKey("credential_response_encryption")) {
            return bad("invalid_encryption_parameters", "encrypted responses are not supported");
        }
        @Nullable Object configuration = request.get("credential_configuration_id");
        @Nullable Object identifier = request.get("credential_identifier");
        if ((configuration == null) == (identifier == null)) {
            return bad(
                    "invalid_credential_request",
                    "exactly one of credential_configuration_id and credential_identifier is needed");
        }
        if (identifierGranted != (identifier != null)) {
            return bad(
                    "invalid_credential_request",
                    identifierGranted
                            ? "the token response named a credential_identifier, which must be used"
                            : "the token response named no credential_identifier");
        }
        if (identifier != null && !granted.equals(identifier)) {
            return bad("unknown_credential_identifier", "the access token is not for this credential");
        }
        if (configuration != null && !granted.equals(configuration)) {
            return bad("unknown_credential_configuration", "the access token is not for this credential");
        }
        if (!request.containsKey("proofs")) {
            return bad("invalid_proof", "a proof of possession is needed, in the member proofs");
        }
        try {
            return new Good(KeyProofs.check(request.get("proofs"), issuer, now));
        } catch (Malformed refused) {
            return bad("invalid_proof", String.valueOf(refused.getMessage()));
        }
    }

    private static Bad bad(String code, String description) {
        return new Bad(OpenIdError.badRequest(code, description));
    }
}
