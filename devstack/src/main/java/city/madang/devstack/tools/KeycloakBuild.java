package city.madang.devstack.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keycloak's own build step, done once at installation, so that each start skips it. */
final class KeycloakBuild {

    /** Parts of Keycloak that the city does not use; leaving them out saves start time and attack surface. */
    private static final List<String> UNUSED = List.of(
            "admin-fine-grained-authz",
            "authorization",
            "ciba",
            "device-flow",
            "docker",
            "identity-brokering-api",
            "impersonation",
            "instagram-broker",
            "kerberos",
            "organization",
            "step-up-authentication-saml",
            "twitter-broker");

    private static List<String> options(List<String> features) {
        var options = new ArrayList<>(List.of(
                "--db=postgres",
                "--http-relative-path=/auth",
                "--health-enabled=false",
                "--metrics-enabled=false",
                // the gateway, which alone reaches it, says with which certificate an agency's system came (RFC 9440)
                "--spi-x509cert-lookup--provider=rfc9440",
                "--features-disabled=" + String.join(",", UNUSED)));
        if (!features.isEmpty()) {
            options.add("--features=" + String.join(",", features));
        }
        return options;
    }

    private KeycloakBuild() {}

    /** Stands for what is built in: another build lies in another folder. */
    static String fingerprint(List<String> features) {
        return Integer.toHexString(String.join(" ", options(features)).hashCode());
    }

    /** @param features besides those that Keycloak has by itself */
    static void run(Path home, List<String> features, Path log) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(home.resolve("bin/kc.sh").toString());
        command.add("build");
        command.addAll(options(features));
        Commands.run(command, home, log);
    }
}
