package city.madang.records.access;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record as far as it matters for who may read it.
 *
 * @param owner whose personal record it is; null if nobody's
 * @param type for delegations
 * @param open whether the owner may read it
 * @param breakGlass agencies beside the holder whose officers may read it in an emergency
 */
public record Held(
        UUID record,
        String agency,
        @Nullable String owner,
        String type,
        String titleKo,
        String titleEn,
        boolean open,
        Set<String> breakGlass) {}
