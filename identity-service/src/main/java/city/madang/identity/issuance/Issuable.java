package city.madang.identity.issuance;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.types.Claim;
import city.madang.identity.types.CredentialType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type that can be issued now, with all that is the same in each of its credentials.
 *
 * @param typeName the {@code vct} or {@code doctype}
 * @param integrity {@code vct#integrity}, if credentials are to hold it
 * @param document type metadata that stands at the vct; null for an mdoc
 * @param paths of the claims that the type declares
 * @param issuer who signs; null when the agency cannot issue
 */
record Issuable(
        CredentialType type,
        String typeName,
        @Nullable String integrity,
        @Nullable String document,
        List<List<String>> paths,
        @Nullable Issuer issuer) {

    static Issuable of(
            CredentialType type,
            String typeName,
            @Nullable String integrity,
            @Nullable String document,
            @Nullable Issuer issuer) {
        return new Issuable(
                type,
                typeName,
                integrity,
                document,
                type.claims().stream().map(Claim::path).toList(),
                issuer);
    }

    /**
     * An agency's key and certificate for credentials of the type's format.
     *
     * @param chain DER of leaf and intermediate, or of a document signer alone
     * @param sdJwtHeader base64url of the JOSE header of its SD-JWT VCs
     * @param notBefore and {@code notAfter}: of the certificate
     */
    record Issuer(
            String keyId,
            List<String> x5c,
            List<byte[]> chain,
            String sdJwtHeader,
            Instant notBefore,
            Instant notAfter) {

        static Issuer of(AgencyCertificate certificate) {
            Map<String, Object> header = new LinkedHashMap<>();
            header.put("alg", "ES256");
            header.put("typ", "dc+sd-jwt");
            header.put("x5c", certificate.x5c());
            return new Issuer(
                    certificate.keyId(),
                    certificate.x5c(),
                    certificate.x5c().stream().map(Base64.getDecoder()::decode).toList(),
                    Base64Url.encode(StrictJson.write(header).getBytes(StandardCharsets.UTF_8)),
                    certificate.certificate().getNotBefore().toInstant(),
                    certificate.notAfter());
        }
    }
}
