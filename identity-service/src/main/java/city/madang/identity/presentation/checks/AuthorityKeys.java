package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.jspecify.annotations.Nullable;

/** The key identifiers of those who certified an issuer (RFC 5280 §4.2.1.1), for {@code trusted_authorities} of type {@code aki}. */
final class AuthorityKeys {

    private AuthorityKeys() {}

    /** Of a chain that was checked already. */
    static Set<String> ofX5c(@Nullable Object x5c) throws Malformed {
        List<X509Certificate> chain = new ArrayList<>();
        if (x5c instanceof List<?> texts) {
            try {
                CertificateFactory factory = CertificateFactory.getInstance("X.509");
                for (Object text : texts) {
                    chain.add((X509Certificate) factory.generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(String.valueOf(text)))));
                }
            } catch (CertificateException | IllegalArgumentException damaged) {
                throw new Malformed("x5c does not hold certificates");
            }
        }
        return of(chain);
    }

    /** Base64url, of each certificate in the chain that has one. */
    static Set<String> of(List<X509Certificate> chain) throws Malformed {
        Set<String> keys = new HashSet<>();
        for (X509Certificate certificate : chain) {
            byte @Nullable [] extension = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
            if (extension == null) {
                continue;
            }
            try {
                byte @Nullable [] key = AuthorityKeyIdentifier.getInstance(
                                ASN1OctetString.getInstance(extension).getOctets())
                        .getKeyIdentifierOctets();
                if (key != null) {
                    keys.add(Base64Url.encode(key));
                }
            } catch (IllegalArgumentException damaged) {
                throw new Malformed("the authority key identifier of a certificate is damaged");
            }
        }
        return keys;
    }
}
