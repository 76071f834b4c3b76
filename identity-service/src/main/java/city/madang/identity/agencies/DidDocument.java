package city.madang.identity.agencies;

import city.madang.identity.did.AgencyDid;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jwks.Jwk;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A DID document (DID Core §5) with keys on P-256 as JWKs, each named by its thumbprint.
 *
 * @param assertionMethod URLs of keys that stand here
 * @param authentication likewise
 */
@RegisterForReflection // written by hand
@Schema(
        description = "A DID document (DID Core §5, §6.2); other properties may be added",
        additionalProperties = Schema.True.class)
public record DidDocument(
        @NotNull @JsonProperty("@context") List<String> context,
        @NotNull String id,
        @NotNull @JsonProperty("verificationMethod") List<VerificationMethod> verificationMethod,
        @NotNull @JsonProperty("assertionMethod") List<String> assertionMethod,
        @NotNull List<String> authentication) {

    private static final List<String> CONTEXT =
            List.of("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1");

    /** A key (DID Core §5.2). @param controller the DID itself */
    @RegisterForReflection
    @Schema(description = "A verification method (DID Core §5.2)", additionalProperties = Schema.True.class)
    public record VerificationMethod(
            @NotNull String id,
            @NotNull @Schema(enumeration = "JsonWebKey2020") String type,
            @NotNull String controller,
            @NotNull @JsonProperty("publicKeyJwk") Jwk publicKeyJwk) {}

    /**
     * The document.
     *
     * @param asserting keys that sign credentials, also those that no longer do
     * @param authenticating keys that sign requests: they also stand as assertion methods, because wallets look for a request's key
     *     in either
     */
    public static DidDocument of(String did, List<PublicJwk> asserting, List<PublicJwk> authenticating) {
        List<PublicJwk> all = Stream.concat(asserting.stream(), authenticating.stream())
                .distinct()
                .toList();
        return new DidDocument(
                CONTEXT,
                did,
                all.stream().map(key -> method(did, key)).toList(),
                urls(did, all),
                urls(did, authenticating.stream().distinct().toList()));
    }

    private static List<String> urls(String did, List<PublicJwk> keys) {
        return keys.stream().map(key -> AgencyDid.keyUrl(did, key)).toList();
    }

    private static VerificationMethod method(String did, PublicJwk key) {
        return new VerificationMethod(AgencyDid.keyUrl(did, key), "JsonWebKey2020", did, Jwk.signing(key, null));
    }
}
