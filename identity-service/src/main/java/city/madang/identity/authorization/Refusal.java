package city.madang.identity.authorization;

import city.madang.identity.problem.OpenIdError;

/** A request is not to be served; ends it from anywhere in its handling, and rolls its transaction back. */
final class Refusal extends RuntimeException {

    private final transient OpenIdError error;

    private Refusal(OpenIdError error) {
        super(error.code(), null, false, false);
        this.error = error;
    }

    static Refusal of(String code, String description) {
        return new Refusal(OpenIdError.badRequest(code, description));
    }

    /** RFC 6749 §5.2: the client's authentication failed. */
    static Refusal client(String description) {
        return new Refusal(new OpenIdError(401, "invalid_client", description, null));
    }

    OpenIdError error() {
        return error;
    }
}
