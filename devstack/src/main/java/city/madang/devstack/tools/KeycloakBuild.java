package city.madang.devstack.tools;

import java.io.IOException;
import java.nio.file.Path;
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
            "step-up-authentication",
            "step-up-authentication-saml",
            "twitter-broker");

    private KeycloakBuild() {}

    static void run(Path home, Path log) throws IOException, InterruptedException {
        Commands.run(
                List.of(
                        home.resolve("bin/kc.sh").toString(),
                        "build",
                        "--db=postgres",
                        "--http-relative-path=/auth",
                        "--health-enabled=false",
                        "--metrics-enabled=false",
                        "--features-disabled=" + String.join(",", UNUSED)),
                home,
                log);
    }
}
