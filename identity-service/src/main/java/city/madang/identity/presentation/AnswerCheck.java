package city.madang.identity.presentation;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import city.madang.identity.sdjwt.Presented;
import city.madang.identity.sdjwt.SdJwtPresentation;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the decrypted answer to a request (OpenID4VP 1.0 §8.6).
 *
 * @param issuers for each type asked for, SHA-256 of the certificates that may issue it
 */
record AnswerCheck(
        DcqlQuery query,
        SdJwtPresentation.Binding binding,
        String state,
        Map<String, Set<String>> issuers,
        SdJwtPresentation.ChainTrust trust) {

    /**
     * The claims that were asked for, by the id of the credential query.
     *
     * @throws Malformed with the reason, if anything at all is wrong
     */
    Map<String, Map<String, @Nullable Object>> claims(Map<String, @Nullable Object> response, Instant now)
            throws Malformed {
        if (!state.equals(response.get("state"))) {
            throw new Malformed("state is missing or of another request");
        }
        if (!(response.get("vp_token") instanceof Map<?, ?> vpToken) || vpToken.isEmpty()) {
            throw new Malformed("vp_token must be an object with the ids of the query");
        }
        Map<String, Presented> presented = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : vpToken.entrySet()) {
            if (!(entry.getValue() instanceof List<?> presentations)
                    || presentations.size() != 1
                    || !(presentations.getFirst() instanceof String text)) {
                throw new Malformed("each member of vp_token must be an array of one presentation");
            }
            Presented credential = SdJwtPresentation.check(text, binding, trust, now);
            checkIssuer(credential);
            presented.put(String.valueOf(entry.getKey()), credential);
        }
        return query.take(presented);
    }

    /** The city's CA also certifies verifiers and seals, and agencies that own other types: none of them may issue this one. */
    private void checkIssuer(Presented credential) throws Malformed {
        try {
            String leaf = Sha256.hex(credential.issuer().getEncoded());
            if (!issuers.getOrDefault(credential.vct(), Set.of()).contains(leaf)) {
                throw new Malformed("the signer may not issue credentials of this type");
            }
        } catch (CertificateEncodingException damaged) {
            throw new Malformed("the issuer's certificate is damaged");
        }
    }
}
