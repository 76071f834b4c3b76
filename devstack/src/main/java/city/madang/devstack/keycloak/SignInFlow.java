package city.madang.devstack.keycloak;

import java.util.List;
import java.util.Map;

/**
 * How people sign in, in levels of assurance: a password gives level 1; a one-time code on top gives level 2, and is asked
 * for when a client wants it ({@code acr_values=2}).
 *
 * <p>Whoever has no one-time code gets no further than level 1, as the {@code acr} of the token says: a second factor that
 * anyone with the password could add by himself would raise nothing.
 */
final class SignInFlow {

    /** The flow that people go through in the browser. */
    static final String BROWSER = "madang sign-in";

    /** The flow that exchanges a password for a token; only clients of test realms use it. */
    static final String DIRECT = "madang direct";

    /** {@code acr} values and the levels that they stand for. */
    static final String ACR_LEVELS = "{\"1\": 1, \"2\": 2}";

    private static final String FORMS = "madang forms";
    private static final String PASSWORD = "madang password";
    private static final String CODE = "madang one-time code";

    /** A level holds as long as the sign-in session; a code is asked for anew each time that level 2 is wanted. */
    private static final String LEVEL_1_SECONDS = "36000";

    private static final String LEVEL_2_SECONDS = "0";

    private SignInFlow() {}

    static List<Object> flows() {
        return List.of(
                flow(BROWSER, true, List.of(step("auth-cookie", "ALTERNATIVE", 10), subflow(FORMS, "ALTERNATIVE", 20))),
                flow(FORMS, false, List.of(subflow(PASSWORD, "CONDITIONAL", 10), subflow(CODE, "CONDITIONAL", 20))),
                flow(
                        PASSWORD,
                        false,
                        List.of(
                                configured("conditional-level-of-authentication", "level 1", 10),
                                step("auth-username-password-form", "REQUIRED", 20))),
                flow(
                        CODE,
                        false,
                        List.of(
                                configured("conditional-level-of-authentication", "level 2", 10),
                                step("conditional-user-configured", "REQUIRED", 20),
                                step("auth-otp-form", "REQUIRED", 30))),
                flow(
                        DIRECT,
                        true,
                        List.of(
                                step("direct-grant-validate-username", "REQUIRED", 10),
                                step("direct-grant-validate-password", "REQUIRED", 20))));
    }

    static List<Object> settings() {
        return List.of(level("level 1", "1", LEVEL_1_SECONDS), level("level 2", "2", LEVEL_2_SECONDS));
    }

    private static Object level(String alias, String level, String seconds) {
        return Map.of("alias", alias, "config", Map.of("loa-condition-level", level, "loa-max-age", seconds));
    }

    private static Object flow(String alias, boolean topLevel, List<Object> steps) {
        return Map.of(
                "alias", alias,
                "providerId", "basic-flow",
                "topLevel", topLevel,
                "builtIn", false,
                "authenticationExecutions", steps);
    }

    private static Object step(String authenticator, String requirement, int priority) {
        return Map.of("authenticator", authenticator, "requirement", requirement, "priority", priority);
    }

    private static Object configured(String authenticator, String settings, int priority) {
        return Map.of(
                "authenticator", authenticator,
                "authenticatorConfig", settings,
                "requirement", "REQUIRED",
                "priority", priority);
    }

    private static Object subflow(String alias, String requirement, int priority) {
        return Map.of(
                "flowAlias", alias,
                "authenticatorFlow", true,
                "requirement", requirement,
                "priority", priority);
    }
}
