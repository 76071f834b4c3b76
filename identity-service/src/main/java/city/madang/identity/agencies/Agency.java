package city.madang.identity.agencies;

import city.madang.identity.language.LocalText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered agency.
 *
 * @param revoked null while it may act
 */
public record Agency(String id, LocalText name, @Nullable Revoked revoked) {

    /** Pattern of agency, service and credential type ids. */
    public static final String SLUG = "[a-z][a-z0-9-]{1,30}";

    /** @param reason a code of {@link StandingReason} */
    public record Revoked(Instant since, String reason) {}

    public boolean isRevoked() {
        return revoked != null;
    }
}
