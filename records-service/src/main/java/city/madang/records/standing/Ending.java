package city.madang.records.standing;

import java.util.Locale;
import java.util.UUID;

/** Why a sealed record no longer stands. */
public sealed interface Ending {

    /** A newer record has taken its place. */
    record Superseded(UUID successor) implements Ending {}

    /** It should not be relied upon. */
    record Revoked() implements Ending {}

    /** As the database, the log and events write it: {@code superseded}, {@code revoked}. */
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
