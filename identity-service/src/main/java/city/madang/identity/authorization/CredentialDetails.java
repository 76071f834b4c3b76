package city.madang.identity.authorization;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code authorization_details} of the type {@code openid_credential} (RFC 9396, OpenID4VCI 1.0 §5.1.1). */
final class CredentialDetails {

    static final String TYPE = "openid_credential";

    /** RFC 9396 §5. */
    static final String INVALID = "invalid_authorization_details";

    private static final int MOST = 10;

    private CredentialDetails() {}

    /**
     * The credential configurations that are asked for; empty without the parameter.
     *
     * @param issuer the Credential Issuer Identifier, which {@code locations} must hold where it stands
     * @throws Malformed for {@link #INVALID}
     */
    static Set<String> configurations(@Nullable String parameter, String issuer) throws Malformed {
        Set<String> configurations = new LinkedHashSet<>();
        if (parameter == null) {
            return configurations;
        }
        List<@Nullable Object> details = StrictJson.array(parameter);
        if (details.isEmpty() || details.size() > MOST) {
            throw new Malformed("authorization_details must hold 1 to " + MOST + " objects");
        }
        for (Object each : details) {
            if (!(each instanceof Map<?, ?> one) || !TYPE.equals(one.get("type"))) {
                throw new Malformed("authorization_details must be of the type " + TYPE);
            }
            if (!(one.get("credential_configuration_id") instanceof String id)) {
                throw new Malformed("authorization_details must name a credential_configuration_id");
            }
            if (one.containsKey("locations")
                    && !(one.get("locations") instanceof List<?> locations && locations.contains(issuer))) {
                throw new Malformed("locations must hold this Credential Issuer");
            }
            configurations.add(id);
        }
        return configurations;
    }
}
