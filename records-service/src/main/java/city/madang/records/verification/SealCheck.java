package city.madang.records.verification;

import city.madang.records.RecordsProblem;
import city.madang.records.agencies.TrustAnchor;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Validates the seal of a PDF (ETSI EN 319 102-1, basic signatures) up to the city's trust anchor. Blocking. */
@ApplicationScoped
public class SealCheck {

    private static final Logger LOG = Logger.getLogger(SealCheck.class);

    private final TrustAnchor anchor;

    SealCheck(TrustAnchor anchor) {
        this.anchor = anchor;
    }

    /**
     * @param intact the signature is mathematically right over the signed bytes
     * @param whole nothing of the file is outside the signed bytes
     * @param trusted the certificates lead to the trust anchor
     * @param signer organisation in the seal's certificate, or null
     */
    public record Result(boolean found, boolean intact, boolean whole, boolean trusted, @Nullable String signer) {}

    public Result check(byte[] pdf) {
        try {
            CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
            anchor.certificate().ifPresent(root -> trusted.addCertificate(new CertificateToken(root)));
            CommonCertificateVerifier verifier = new CommonCertificateVerifier();
            verifier.setTrustedCertSources(trusted);
            // no online sources: a stranger's file must not make this service fetch anything
            verifier.setAIASource(null);
            verifier.setOcspSource(null);
            verifier.setCrlSource(null);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(pdf));
            validator.setCertificateVerifier(verifier);
            return judge(validator.validateDocument().getDiagnosticData(), pdf.length);
        } catch (RuntimeException | StackOverflowError unreadable) {
            LOG.debug("a file was not readable as PDF", unreadable);
            throw RecordsProblem.NOT_A_PDF.with("the file cannot be read as a PDF");
        }
    }

    private static Result judge(DiagnosticData data, long length) {
        List<SignatureWrapper> signatures = data.getSignatures();
        if (signatures.size() != 1) {
            // a sealed record has exactly one; a file with more is not what was sealed
            return new Result(!signatures.isEmpty(), false, false, false, null);
        }
        SignatureWrapper signature = signatures.getFirst();
        boolean intact = signature.isSignatureIntact() && signature.isSignatureValid();
        return new Result(
                true,
                intact,
                coversAll(signature, length),
                signature.isTrustedChain(),
                intact && signature.isTrustedChain() && signature.getSigningCertificate() != null
                        ? signature.getSigningCertificate().getOrganizationName()
                        : null);
    }

    private static boolean coversAll(SignatureWrapper signature, long length) {
        List<BigInteger> range = signature.getSignatureByteRange();
        return signature.isSignatureByteRangeValid()
                && range.size() == 4
                && range.get(0).signum() == 0
                && range.get(2).add(range.get(3)).equals(BigInteger.valueOf(length));
    }
}
