package city.madang.verifier;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * The EU's reference library on a document that an agency's key has signed whole (ETSI EN 319 102-1): a second opinion on the signature, and the
 * timestamp. It fetches nothing.
 */
final class DssSeal {

    private DssSeal() {}

    /**
     * Its opinion.
     *
     * @param agrees that there is one signature, which is intact over the whole document
     * @param level e.g. {@code PAdES-BASELINE-T}
     * @param claimed when it was made, as the signer says: in a PDF that stands beside the signature
     * @param timestamped when a trusted authority saw the signature
     */
    record Opinion(boolean agrees, String level, Optional<Instant> claimed, Optional<Instant> timestamped) {}

    static Opinion on(byte[] document, Trust trust, boolean pdf) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trust.roots().forEach(root -> trusted.addCertificate(new CertificateToken(root)));
        trust.timestampRoots().forEach(root -> trusted.addCertificate(new CertificateToken(root)));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        verifier.setOcspSource(null);
        verifier.setCrlSource(null);
        try {
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(document));
            validator.setCertificateVerifier(verifier);
            return judge(validator.validateDocument().getDiagnosticData(), document.length, pdf);
        } catch (RuntimeException | StackOverflowError unreadable) {
            return new Opinion(false, "", Optional.empty(), Optional.empty());
        }
    }

    private static Opinion judge(DiagnosticData data, long length, boolean pdf) {
        List<SignatureWrapper> signatures = data.getSignatures();
        if (signatures.size() != 1) {
            return new Opinion(false, "", Optional.empty(), Optional.empty());
        }
        SignatureWrapper signature = signatures.getFirst();
        boolean agrees =
                signature.isSignatureIntact() && signature.isSignatureValid() && (!pdf || coversAll(signature, length));
        Optional<Instant> timestamped = Optional.empty();
        for (TimestampWrapper timestamp : signature.getTimestampList()) {
            if (timestamp.isSignatureIntact() && timestamp.isMessageImprintDataIntact() && timestamp.isTrustedChain()) {
                timestamped = Optional.of(timestamp.getProductionTime().toInstant());
            }
        }
        return new Opinion(
                agrees,
                String.valueOf(signature.getSignatureFormat()),
                Optional.ofNullable(signature.getClaimedSigningTime()).map(Date::toInstant),
                timestamped);
    }

    private static boolean coversAll(SignatureWrapper signature, long length) {
        List<BigInteger> range = signature.getSignatureByteRange();
        return signature.isSignatureByteRangeValid()
                && range.size() == 4
                && range.get(0).signum() == 0
                && range.get(2).add(range.get(3)).equals(BigInteger.valueOf(length));
    }
}
