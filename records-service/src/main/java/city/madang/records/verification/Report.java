package city.madang.records.verification;

import city.madang.verifier.Finding;
import city.madang.verifier.Text;
import city.madang.verifier.Verification;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is proven about a file, and what is not.
 *
 * @param valid whether it is a record of this city that is in force: sealed, unchanged, logged, neither expired nor superseded nor revoked nor shredded (an
 *     anchor follows seconds later)
 * @param conclusion in a word
 * @param says the conclusion in a sentence
 * @param kind what the file is by its first bytes
 * @param record its id, if the document is known here
 * @param signer name in the seal's certificate, if that leads to the city's CA
 * @param state of the record, as the page behind its QR code says it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        boolean valid,
        @Schema(examples = "genuine") String conclusion,
        Text says,
        @Schema(examples = "pdf") String kind,
        @Nullable UUID record,
        @Nullable String agency,
        @Nullable String signer,
        String sha256,
        @Schema(examples = "sealed") @Nullable String state,
        List<Check> checks) {

    /**
     * One of the things that were looked at.
     *
     * @param status {@code proven}, {@code not_shown} or {@code refuted}
     * @param passed whether it is proven
     * @param says a sentence in both languages
     */
    public record Check(
            @Schema(examples = "intact") String check,
            @Schema(examples = "proven") String status,
            boolean passed,
            Text says) {

        static Check of(Finding finding) {
            return new Check(
                    finding.check(),
                    finding.status().name().toLowerCase(Locale.ROOT),
                    finding.status() == Finding.Status.PROVEN,
                    finding.says());
        }
    }

    static String word(Verification.Conclusion conclusion) {
        return conclusion.name().toLowerCase(Locale.ROOT);
    }
}
