package city.madang.identity.issuance;

import city.madang.identity.authorization.AccessGrant;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.OpenIdError;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Credential Request (OpenID4VCI 1.0 §8.2), read and held against what the access token is for. */
sealed interface CredentialRequest {

    /**
     * A request for something that was granted.
     *
     * @param proofs not checked yet
     * @param recipient how the answer is to be encrypted, if it is
     */
    record Good(String configuration, @Nullable Object proofs, MessageEncryption.@Nullable Recipient recipient)
            implements CredentialRequest {}

    /** The token is not for this credential, which may or may not exist. */
    record NotGranted(String configuration) implements CredentialRequest {}

    record Bad(OpenIdError error) implements CredentialRequest {}

    static CredentialRequest read(WalletEndpoint.Read body, AccessGrant grant) {
        return switch (body) {
            case WalletEndpoint.Read.Message message -> read(message.json(), message.encrypted(), grant);
            case WalletEndpoint.Read.Bad bad -> new Bad(bad.error());
        };
    }

    /** @param encrypted whether the request was, without which the answer may not be (§8.2) */
    static CredentialRequest read(String body, boolean encrypted, AccessGrant grant) {
        Map<String, @Nullable Object> request;
        try {
            request = StrictJson.object(body);
        } catch (Malformed notJson) {
            return bad("invalid_credential_request", "the request must be a JSON object");
        }
        @Nullable Object configuration = request.get("credential_configuration_id");
        @Nullable Object identifier = request.get("credential_identifier");
        if ((configuration == null) == (identifier == null)) {
            return bad(
                    "invalid_credential_request",
                    "exactly one of credential_configuration_id and credential_identifier is needed");
        }
        MessageEncryption.@Nullable Recipient recipient;
        try {
            recipient = recipient(request, encrypted);
        } catch (Malformed refused) {
            return bad("invalid_encryption_parameters", String.valueOf(refused.getMessage()));
        }
        if (identifier != null) {
            return grant.credentials().stream()
                    .filter(granted -> granted.identifiers().stream().anyMatch(identifier::equals))
                    .findFirst()
                    .<CredentialRequest>map(
                            granted -> new Good(granted.configuration(), request.get("proofs"), recipient))
                    .orElseGet(
                            () -> bad("unknown_credential_identifier", "the access token is not for this credential"));
        }
        if (!(configuration instanceof String id)) {
            return bad("invalid_credential_request", "credential_configuration_id must be a text");
        }
        Optional<AccessGrant.Granted> granted = grant.credentials().stream()
                .filter(one -> one.configuration().equals(id))
                .findFirst();
        if (granted.isEmpty()) {
            return new NotGranted(id);
        }
        // where the token response named identifiers one of them is due (§8.2): there are wallets that name the
        // configuration nevertheless, and which is meant is clear while there is one
        if (granted.get().identifiers().size() > 1) {
            return bad(
                    "invalid_credential_request",
                    "the token response named several of credential_identifiers, of which one must be used");
        }
        return new Good(id, request.get("proofs"), recipient);
    }

    /** How the answer to a request is to be encrypted; null if it is not. */
    static MessageEncryption.@Nullable Recipient recipient(Map<String, @Nullable Object> request, boolean encrypted)
            throws Malformed {
        @Nullable Object json = request.get("credential_response_encryption");
        if (json == null) {
            return null;
        }
        if (!encrypted) {
            throw new Malformed("who wants an encrypted answer must encrypt the request");
        }
        return MessageEncryption.Recipient.read(json);
    }

    private static Bad bad(String code, String description) {
        return new Bad(OpenIdError.badRequest(code, description));
    }
}
