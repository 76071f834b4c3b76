package city.madang.identity.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the identity service. */
@ConfigMapping(prefix = "madang")
public interface IdentitySettings {

    /** The public origin, without a trailing slash, e.g. {@code https://localhost:8443}. */
    String origin();

    /** The city's agency CA, which certifies agencies' keys. */
    Ca ca();

    /** PEM file of the root that wallets and verifiers trust. */
    Path trustAnchor();

    Offer offer();

    Presentation presentation();

    /** The Credential Issuer Identifier (OpenID4VCI 1.0 clause 12.2.1). */
    default String issuer() {
        return origin() + "/identity";
    }

    default String vct(String name) {
        return issuer() + "/vct/" + name;
    }

    interface Ca {
        /** PEM file of the intermediate certificate. */
        Path certificate();

        /** PEM file of its private key, PKCS#8. */
        Path key();
    }

    interface Offer {
        /** How long a holder may take to fetch an offered credential. */
        @WithDefault("P7D")
        Duration lifetime();

        /** How long the access token of a redeemed offer lives, and a lost answer can be fetched again. */
        @WithDefault("PT5M")
        Duration tokenLifetime();

        /** How long a nonce for key proofs may be used. */
        @WithDefault("PT5M")
        Duration nonceLifetime();
    }

    interface Presentation {
        /** How long a request of an agency waits for its answer, and the answer for the agency. */
        @WithDefault("PT10M")
        Duration lifetime();

        /** How long an applicant may take to present what an application needs. */
        @WithDefault("P7D")
        Duration applicationLifetime();
    }
}
