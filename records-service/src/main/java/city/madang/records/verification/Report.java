package city.madang.records.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is proven about a PDF.
 *
 * @param valid whether it is a sealed record of this city: all but the anchor holds (an anchor follows seconds later)
 * @param record its id, if the document is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        boolean valid,
        @Nullable UUID record,
        @Nullable String agency,
        @Nullable String signer,
        String sha256,
        List<Check> checks) {

    /** @param says a sentence in both languages */
    public record Check(String check, boolean passed, Map<String, String> says) {}
}
