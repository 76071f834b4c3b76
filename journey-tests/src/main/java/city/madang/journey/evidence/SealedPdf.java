package city.madang.journey.evidence;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.security.cert.X509Certificate;

/** The PDF's signature, checked by the European Commission's reference library. */
public final class SealedPdf {

    private static final String WHAT = "PDF signature";

    private SealedPdf() {}

    /** Whether the whole document is signed by exactly the trusted certificate. */
    public static Finding check(byte[] pdf, X509Certificate agency) {
        try {
            CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
            trusted.addCertificate(new CertificateToken(agency));
            CommonCertificateVerifier verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(pdf));
            validator.setCertificateVerifier(verifier);
            Reports reports = validator.validateDocument();
            DiagnosticData data = reports.getDiagnosticData();
            if (data.getSignatures().size() != 1) {
                return Finding.refused(WHAT, data.getSignatures().size() + " signatures found, one expected");
            }
            SignatureWrapper signature = data.getSignatures().get(0);
            Indication indication = reports.getSimpleReport().getIndication(signature.getId());
            if (indication != Indication.TOTAL_PASSED) {
                return Finding.refused(
                        WHAT, indication + " " + reports.getSimpleReport().getSubIndication(signature.getId()));
            }
            if (!signature.getSigningCertificate().getId().equals(new CertificateToken(agency).getDSSIdAsString())) {
                return Finding.refused(WHAT, "signed by another certificate");
            }
            if (signature.arePdfModificationsDetected()) {
                return Finding.refused(WHAT, "changed after it was signed");
            }
            return Finding.proven(
                    WHAT,
                    signature.getSignatureFormat() + " by "
                            + agency.getSubjectX500Principal().getName());
        } catch (StackOverflowError endless) {
            // a changed byte of a font may make a glyph a part of itself, which the library follows without end
            return Finding.refused(WHAT, "not a signed PDF: it cannot be read to its end");
        } catch (RuntimeException unreadable) {
            return Finding.refused(WHAT, "not a signed PDF: " + unreadable.getMessage());
        }
    }
}
