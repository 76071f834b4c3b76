package city.madang.identity.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of status, as it is recorded.
 *
 * @param note free text for the agency alone
 * @param actor {@code sub} of who changed it
 */
record StatusChange(String status, String reason, @Nullable String note, String actor, String actorRole, Instant at) {}
