package city.madang.identity.clients;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an agency's client at the provider is to be, and how far that is done.
 *
 * @param jwks JWK set as JSON
 * @param jwksUri where the agency publishes its keys; null if it gave them
 * @param enabled whether it may sign in
 * @param version of what it is to be
 * @param applied the version that the provider has
 * @param problem why the last try failed, if it did
 */
record AgencyClient(
        String agency,
        String name,
        String jwks,
        @Nullable String jwksUri,
        boolean enabled,
        long version,
        long applied,
        @Nullable String problem,
        Instant setAt) {

    private static final String PREFIX = "agency-";

    /** The prefix keeps it apart from every client that the registry has not made. */
    String clientId() {
        return PREFIX + agency;
    }

    /** {@code pending} until the provider has what was last asked for; then {@code active} or {@code disabled}. */
    String state() {
        if (applied < version) {
            return "pending";
        }
        return enabled ? "active" : "disabled";
    }
}
