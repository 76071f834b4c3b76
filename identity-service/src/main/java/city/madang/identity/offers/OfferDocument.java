package city.madang.identity.offers;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What {@link CredentialOffer} writes, for the API's description (OpenID4VCI 1.0 §4.1.1). */
@Schema(
        name = "CredentialOfferObject",
        description = "A Credential Offer (OpenID4VCI 1.0 §4.1.1), which leaves room for other parameters",
        additionalProperties = Schema.True.class)
record OfferDocument(
        @NotNull @Schema(format = "uri") String credentialIssuer,
        @NotNull @Schema(minItems = 1, uniqueItems = true) List<String> credentialConfigurationIds,
        @NotNull Grants grants) {

    /** At least one of them: by which a wallet may redeem the offer. */
    @Schema(name = "OfferedGrants", minProperties = 1, additionalProperties = Schema.True.class)
    record Grants(
            @Nullable SignIn authorizationCode,
            @Nullable @Schema(name = CredentialOffer.PRE_AUTHORIZED_CODE) Code preAuthorizedCode) {}

    /** @param issuerState for the authorization request */
    @Schema(name = "AuthorizationCodeGrant", additionalProperties = Schema.True.class)
    record SignIn(@NotNull String issuerState) {}

    @Schema(name = "PreAuthorizedCodeGrant", additionalProperties = Schema.True.class)
    record Code(@NotNull @Schema(name = "pre-authorized_code") String code, @NotNull TxCode txCode) {}

    /** @param length characters */
    @Schema(name = "TransactionCode", additionalProperties = Schema.True.class)
    record TxCode(
            @NotNull @Schema(enumeration = {"numeric", "text"}) String inputMode,
            @Schema(required = true, minimum = "1") int length,
            @NotNull String description) {}
}
