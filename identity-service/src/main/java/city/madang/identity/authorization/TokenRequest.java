package city.madang.identity.authorization;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token request whose sender is known.
 *
 * @param form its parameters
 * @param dpopJkt thumbprint of the key that it proves, if it does
 */
record TokenRequest(Map<String, String> form, Client client, @Nullable String dpopJkt) {

    @Nullable
    String find(String parameter) {
        return form.get(parameter);
    }

    String get(String parameter) {
        String value = form.get(parameter);
        if (value == null) {
            throw Refusal.of("invalid_request", parameter + " is missing");
        }
        return value;
    }

    /** The key that the tokens are to be bound to; a request without its proof lacks something, so that no proof is invalid. */
    String boundTo() {
        if (dpopJkt == null) {
            throw Refusal.of("invalid_request", "a DPoP proof is needed");
        }
        return dpopJkt;
    }
}
