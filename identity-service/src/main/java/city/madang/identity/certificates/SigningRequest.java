package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A PKCS#10 request (RFC 2986): only its key is taken from it, after it has proven possession. */
public final class SigningRequest {

    public static final int LONGEST = 8192;

    private static final String PEM_BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
    private static final String PEM_END = "-----END CERTIFICATE REQUEST-----";

    private SigningRequest() {}

    /**
     * The key that is to be certified.
     *
     * @param text PEM (RFC 7468 §7), or the base64 of the DER alone
     * @throws Malformed if it is no request, not for P-256, or not signed by that key
     */
    public static PublicKey provenKey(String text) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("the signing request is too long");
        }
        String trimmed = text.strip();
        String base64Der = trimmed.startsWith(PEM_BEGIN) && trimmed.endsWith(PEM_END)
                ? trimmed.substring(PEM_BEGIN.length(), trimmed.length() - PEM_END.length())
                        .replaceAll("\\s", "")
                : trimmed;
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(Base64.getDecoder().decode(base64Der));
            PublicKey key = request.getPublicKey();
            if (!CityCa.isP256(key)) {
                throw new Malformed("the key must be on P-256");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new Malformed("the signing request is not signed by its key");
            }
            return key;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                // of many kinds, when the ASN.1 is of another shape than the parser expects
                | RuntimeException broken) {
            throw new Malformed("not a PKCS#10 signing request");
        }
    }
}
