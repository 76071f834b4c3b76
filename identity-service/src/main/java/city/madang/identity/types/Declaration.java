package city.madang.identity.types;

import city.madang.identity.agencies.Agency;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A credential type as its agency declares it. Read by {@link DeclarationReader}.
 *
 * @param format {@code dc+sd-jwt} (if absent) or {@code mso_mdoc}
 * @param vctName the last part of the vct, for {@code dc+sd-jwt}
 * @param doctype for {@code mso_mdoc}
 * @param display {@code [{name, locale, description?, background_color?, text_color?, logo?: {uri, alt_text?}}]}, or in short
 *     {@code {"ko": name, "en": name}}
 * @param claims {@code [{path, display: [{name, locale}], mandatory?}]}, or in short {@code [{name, label: {"ko", "en"}}]}
 * @param validityDays how long a credential is valid, in days after the one of issuance; an mdoc never longer than its document
 *     signer's certificate, which has at least 367 days left
 * @param batchSize copies in one issuance; 10 if absent
 * @param statusBits 0 (cannot be revoked), 1, 2 (if absent) or 8; of an mdoc 0 or 1 (if absent)
 * @param source {@code offer} (if absent) or {@code sign_in}
 * @param keyAttestation {@code {key_storage?: [...], user_authentication?: [...]}}, if keys must be attested
 */
record Declaration(
        @Nullable String format,
        @Nullable @Pattern(regexp = Agency.SLUG) String vctName,
        @Nullable @Pattern(regexp = DeclarationReader.DOCTYPE) @Size(max = 100) String doctype,
        @NotNull Object display,
        @NotNull @Size(min = 1, max = CredentialType.MOST_CLAIMS) List<@NotNull Map<String, Object>> claims,
        @NotNull @Min(1) @Max(CredentialType.LONGEST_VALIDITY_DAYS) @Schema(description = VALIDITY)
                Integer validityDays,
        @Nullable @Min(1) @Max(CredentialType.LARGEST_BATCH) Integer batchSize,
        @Nullable Integer statusBits,
        @Nullable @Pattern(regexp = "[!-~]{1,200}") String acr,
        @Nullable String source,
        @Nullable @Valid KeyAttestationBody keyAttestation) {

    private static final String VALIDITY =
            "Days after the day of issuance. An mdoc ends with its document signer's certificate at the latest, which lasts 457 days and"
                    + " is renewed every 90: up to 365 days are never cut short.";

    record KeyAttestationBody(
            @Nullable @Size(max = 10) List<@NotNull @Pattern(regexp = "[!-~]{1,100}") String> keyStorage,
            @Nullable @Size(max = 10) List<@NotNull @Pattern(regexp = "[!-~]{1,100}") String> userAuthentication) {}
}
