package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the checks of an answer found. */
public sealed interface Verdict {

    /**
     * All checks passed that need nothing from elsewhere; the status of each credential is still to be asked.
     *
     * @param credentials what was asked for, by the id of the credential query
     */
    record Holds(Map<String, Object> credentials, List<StatusQuestion> statuses) implements Verdict {}

    /** @param why for developers; holds no personal data */
    record Fails(Step step, String why) implements Verdict {}

    /**
     * @param claim the credential's {@code status}; null if it has none
     * @param issuer who signed the credential
     */
    record StatusQuestion(@Nullable Object claim, Signer issuer) {}
}
