package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.Sha256;
import java.security.cert.CertificateEncodingException;
import java.util.Map;
import java.util.Set;

/**
 * The trust list: the city's CA also certifies verifiers and seals, and agencies that own other types; none of them may issue
 * this one. Issuers outside the city may issue what the operator has set down for them.
 *
 * @param issuers SHA-256 (hex) of the city's certificates that may issue a type, by type
 */
record IssuerTrust(Map<String, Set<String>> issuers) {

    void check(Signer issuer, String type) throws Malformed {
        try {
            boolean may = issuer.other() == null
                    ? issuers.getOrDefault(type, Set.of())
                            .contains(Sha256.hex(issuer.certificate().getEncoded()))
                    : issuer.other().types().contains(type);
            if (!may) {
                throw new Malformed("the signer may not issue credentials of this type");
            }
        } catch (CertificateEncodingException damaged) {
            throw new Malformed("the issuer's certificate is damaged");
        }
    }
}
