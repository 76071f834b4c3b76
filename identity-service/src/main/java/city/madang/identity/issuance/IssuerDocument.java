package city.madang.identity.issuance;

import city.madang.identity.jwks.Jwks;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What {@link IssuerMetadata} writes, for the API's description (OpenID4VCI 1.0 §12.2.4, with the formats' members of appendices A.2.2
 * and A.3.2). All of its objects leave room for other parameters.
 */
@Schema(
        name = "CredentialIssuerMetadata",
        description = "Credential Issuer Metadata (OpenID4VCI 1.0 §12.2.4), which leaves room for other parameters",
        additionalProperties = Schema.True.class)
record IssuerDocument(
        @NotNull @Schema(format = "uri") String credentialIssuer,
        @NotNull @Schema(minItems = 1) List<String> authorizationServers,
        @NotNull @Schema(format = "uri") String credentialEndpoint,
        @NotNull @Schema(format = "uri") String nonceEndpoint,
        @NotNull @Schema(format = "uri") String deferredCredentialEndpoint,
        @NotNull @Schema(format = "uri") String notificationEndpoint,
        @NotNull RequestEncryption credentialRequestEncryption,
        @NotNull ResponseEncryption credentialResponseEncryption,
        @NotNull Batch batchCredentialIssuance,
        @NotNull @Schema(minItems = 1) List<Named> display,
        @NotNull Map<String, Configuration> credentialConfigurationsSupported) {

    @Schema(name = "CredentialRequestEncryption", additionalProperties = Schema.True.class)
    record RequestEncryption(
            @NotNull Jwks jwks,
            @NotNull @Schema(minItems = 1) List<String> encValuesSupported,
            @Schema(required = true) boolean encryptionRequired) {}

    @Schema(name = "CredentialResponseEncryption", additionalProperties = Schema.True.class)
    record ResponseEncryption(
            @NotNull @Schema(minItems = 1) List<String> algValuesSupported,
            @NotNull @Schema(minItems = 1) List<String> encValuesSupported,
            @NotNull @Schema(minItems = 1) List<String> zipValuesSupported,
            @Schema(required = true) boolean encryptionRequired) {}

    @Schema(name = "BatchCredentialIssuance", additionalProperties = Schema.True.class)
    record Batch(@Schema(required = true, minimum = "2") int batchSize) {}

    /** @param locale BCP 47 tag */
    @Schema(name = "LocalName", additionalProperties = Schema.True.class)
    record Named(@NotNull String name, @NotNull String locale) {}

    /**
     * A type of credential.
     *
     * @param format {@code dc+sd-jwt} or {@code mso_mdoc}
     * @param vct of {@code dc+sd-jwt} alone
     * @param doctype of {@code mso_mdoc} alone
     */
    @Schema(name = "CredentialConfiguration", additionalProperties = Schema.True.class)
    record Configuration(
            @NotNull @Schema(enumeration = {"dc+sd-jwt", "mso_mdoc"}) String format,
            @NotNull String scope,
            @Nullable @Schema(format = "uri") String vct,
            @Nullable String doctype,
            @NotNull @Schema(minItems = 1) List<String> cryptographicBindingMethodsSupported,
            @NotNull @Schema(minItems = 1) List<SigningAlgorithm> credentialSigningAlgValuesSupported,
            @NotNull Proofs proofTypesSupported,
            @NotNull Metadata credentialMetadata) {}

    @Schema(name = "ProofTypes", additionalProperties = Schema.True.class)
    record Proofs(@NotNull Proof jwt, @NotNull Proof attestation) {}

    /** @param keyAttestationsRequired absent where none is required */
    @Schema(name = "ProofType", additionalProperties = Schema.True.class)
    record Proof(
            @NotNull @Schema(minItems = 1) List<String> proofSigningAlgValuesSupported,
            @Nullable Attestations keyAttestationsRequired) {}

    /** The levels of which a key attestation must name one; absent where any will do. */
    @Schema(name = "KeyAttestationsRequired", additionalProperties = Schema.True.class)
    record Attestations(
            @Nullable @Schema(minItems = 1) List<String> keyStorage,
            @Nullable @Schema(minItems = 1) List<String> userAuthentication) {}

    @Schema(name = "CredentialMetadata", additionalProperties = Schema.True.class)
    record Metadata(
            @NotNull @Schema(minItems = 1) List<Display> display, @NotNull @Schema(minItems = 1) List<Claim> claims) {}

    /** @param backgroundColor CSS colour, {@code #rrggbb} */
    @Schema(name = "CredentialDisplay", additionalProperties = Schema.True.class)
    record Display(
            @NotNull String name,
            @NotNull String locale,
            @Nullable String description,
            @Nullable String backgroundColor,
            @Nullable String textColor,
            @Nullable Logo logo) {}

    @Schema(name = "CredentialLogo", additionalProperties = Schema.True.class)
    record Logo(@NotNull @Schema(format = "uri") String uri, @Nullable String altText) {}

    /** @param path of the claim in the credential (appendix C) */
    @Schema(name = "CredentialClaim", additionalProperties = Schema.True.class)
    record Claim(
            @NotNull @Schema(minItems = 1) List<String> path,
            @Schema(required = true) boolean mandatory,
            @NotNull List<Named> display) {}
}
