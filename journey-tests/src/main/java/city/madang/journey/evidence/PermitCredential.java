package city.madang.journey.evidence;

import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectDecoder;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.SignedJWT;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The SD-JWT VC, checked by Nimbus (signature) and Authlete (disclosures). */
public final class PermitCredential {

    private static final String WHAT = "permit credential";

    private PermitCredential() {}

    /** Whether it was issued under the trusted certificate, is of the type {@code vct}, in time, and about {@code record}. */
    public static Finding check(String credential, X509Certificate agency, String vct, String record) {
        try {
            SDJWT sdJwt = SDJWT.parse(credential);
            SignedJWT jwt = SignedJWT.parse(sdJwt.getCredentialJwt());
            List<Base64> chain = jwt.getHeader().getX509CertChain();
            if (chain == null || chain.isEmpty() || !Arrays.equals(chain.get(0).decode(), agency.getEncoded())) {
                return Finding.refused(WHAT, "issued under another certificate");
            }
            if (!jwt.verify(new ECDSAVerifier((ECPublicKey) agency.getPublicKey()))) {
                return Finding.refused(WHAT, "the issuer's signature does not verify");
            }
            Map<String, Object> payload = jwt.getJWTClaimsSet().toJSONObject();
            List<Disclosure> disclosures = sdJwt.getDisclosures();
            Map<String, Object> claims = new SDObjectDecoder().decode(payload, disclosures);
            if (disclosures.stream().anyMatch(disclosure -> !claims.containsKey(disclosure.getClaimName()))) {
                return Finding.refused(WHAT, "it carries a disclosure that the issuer did not sign");
            }
            if (!vct.equals(claims.get("vct")) || !record.equals(claims.get("record"))) {
                return Finding.refused(WHAT, "it is of another type or about another record");
            }
            if (jwt.getJWTClaimsSet().getExpirationTime() == null
                    || jwt.getJWTClaimsSet().getExpirationTime().toInstant().isBefore(Instant.now())) {
                return Finding.refused(WHAT, "it has expired");
            }
            return Finding.proven(WHAT, "plate " + claims.get("plate") + ", for record " + record);
        } catch (ParseException
                | JOSEException
                | java.security.cert.CertificateEncodingException
                | RuntimeException e) {
            return Finding.refused(WHAT, "malformed: " + e.getMessage());
        }
    }
}
