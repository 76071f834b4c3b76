package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;
import org.jspecify.annotations.Nullable;

/** Chains to one of the city's IACAs, of which the leaf is the whole (ISO/IEC 18013-5 §9.3.3 and B.1). */
final class IacaPath {

    private IacaPath() {}

    /** What the leaf must be for; neither may do the other's work. */
    enum Role {
        /** Signs mdocs: says so, critically (table B.3). */
        DOCUMENTS,
        /** Signs status lists of mdocs: says nothing (table B.9). */
        LISTS
    }

    /** @throws Malformed if it does not lead to an IACA now, or is not for this */
    static List<X509Certificate> check(@Nullable Object x5c, Set<X509Certificate> iacas, Role role, Instant now)
            throws Malformed {
        List<X509Certificate> chain = CertificatePath.check(x5c, iacas, CertificatePath.KeyUsage.STATED, now);
        if (chain.size() != 1) {
            throw new Malformed("a document signer comes directly from the IACA");
        }
        try {
            X509Certificate leaf = chain.getFirst();
            @Nullable List<String> uses = leaf.getExtendedKeyUsage();
            boolean fits =
                    switch (role) {
                        case DOCUMENTS ->
                            List.of(MdocCa.DOCUMENT_SIGNER).equals(uses)
                                    && leaf.getCriticalExtensionOIDs().contains(Extension.extendedKeyUsage.getId());
                        case LISTS -> uses == null;
                    };
            if (!fits) {
                throw new Malformed("the certificate is for something else");
            }
        } catch (CertificateParsingException broken) {
            throw new Malformed("the certificate's extended key usage cannot be read");
        }
        return chain;
    }
}
