package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;

/**
 * The trust list: the city's CA also certifies verifiers and seals, and agencies that own other types; none of them may issue
 * this one.
 *
 * @param issuers SHA-256 (hex) of the certificates that may issue a type, by type
 */
record IssuerTrust(Map<String, Set<String>> issuers) {

    void check(X509Certificate issuer, String type) throws Malformed {
        try {
            if (!issuers.getOrDefault(type, Set.of()).contains(Sha256.hex(issuer.getEncoded()))) {
                throw new Malformed("the signer may not issue credentials of this type");
            }
        } catch (CertificateEncodingException damaged) {
            throw new Malformed("the issuer's certificate is damaged");
        }
    }
}
