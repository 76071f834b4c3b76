package city.madang.devstack.keycloak;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the realm guards sign-ins: passwords, guessing, lifetimes, and what is noted of it. What each is for stands in {@code docs/asvs.md}
 * (V6, V7, V10.4, V16.3).
 */
final class SignInGuard {

    /** Long and of any composition, and not the name (NIST SP 800-63B §5.1.1.2); the upper bound is for the cost of hashing. */
    private static final String PASSWORDS =
            "length(15) and maxLength(128) and notUsername(undefined) and notEmail(undefined)";

    /** Failures after which an account waits; it never stays locked, so nobody locks another out for good. */
    private static final int FAILURES = 10;

    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration SESSION = Duration.ofHours(10);
    private static final Duration EVENTS_KEPT = Duration.ofDays(90);

    /** What is noted: every sign-in and every try, sessions' ends, changes of what one signs in with; no ordinary renewal. */
    private static final List<String> EVENTS = List.of(
            "LOGIN",
            "LOGIN_ERROR",
            "LOGOUT",
            "LOGOUT_ERROR",
            "CODE_TO_TOKEN_ERROR",
            "REFRESH_TOKEN_ERROR",
            "CLIENT_LOGIN_ERROR",
            "UPDATE_CREDENTIAL",
            "UPDATE_CREDENTIAL_ERROR",
            "REMOVE_CREDENTIAL",
            "REMOVE_CREDENTIAL_ERROR",
            "UPDATE_PROFILE",
            "USER_DISABLED_BY_TEMPORARY_LOCKOUT");

    private SignInGuard() {}

    /** Members of the realm's representation; durations in seconds. */
    static Map<String, Object> settings() {
        return Map.ofEntries(
                Map.entry("passwordPolicy", PASSWORDS),
                Map.entry("bruteForceProtected", true),
                Map.entry("permanentLockout", false),
                Map.entry("failureFactor", FAILURES),
                Map.entry("waitIncrementSeconds", FIRST_WAIT.toSeconds()),
                Map.entry("maxFailureWaitSeconds", LONGEST_WAIT.toSeconds()),
                Map.entry("ssoSessionIdleTimeout", IDLE.toSeconds()),
                Map.entry("ssoSessionMaxLifespan", SESSION.toSeconds()),
                // a refresh token is good once: one that comes back was stolen, or its answer was lost
                Map.entry("revokeRefreshToken", true),
                Map.entry("refreshTokenMaxReuse", 0),
                Map.entry("eventsEnabled", true),
                Map.entry("eventsExpiration", EVENTS_KEPT.toSeconds()),
                Map.entry("enabledEventTypes", EVENTS),
                Map.entry("adminEventsEnabled", true),
                Map.entry("adminEventsDetailsEnabled", false));
    }
}
