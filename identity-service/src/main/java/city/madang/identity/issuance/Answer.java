package city.madang.identity.issuance;

import city.madang.identity.jose.StrictJson;
import city.madang.identity.problem.OpenIdError;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;

/** What a wallet is answered (OpenID4VCI 1.0 §8.3, §9.2). */
sealed interface Answer {

    /** @param json the Credential Response */
    record Issued(String json) implements Answer {
        /** Holds no credential: an answer may end up in a log line. */
        @Override
        public String toString() {
            return "Issued";
        }
    }

    record Deferred(String transactionId) implements Answer {
        @Override
        public String toString() {
            return "Deferred";
        }
    }

    record Refused(OpenIdError error) implements Answer {}

    static Uni<Answer> refused(OpenIdError error) {
        return Uni.createFrom().item(new Refused(error));
    }

    static Uni<Answer> refused(String code, String description) {
        return refused(OpenIdError.badRequest(code, description));
    }

    /** The Credential Response; {@code issuance} is its {@code notification_id}. */
    static String response(List<String> credentials, UUID issuance) {
        return StrictJson.write(new CredentialResponse(
                credentials.stream().map(CredentialResponse.Credential::new).toList(), issuance.toString()));
    }
}
