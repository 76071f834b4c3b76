package city.madang.records.sealing;

import city.madang.records.agencies.Seal;
import city.madang.records.agencies.SealKeys;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs a PDF with an agency's seal: PAdES-B-B (ETSI EN 319 142-1 §6). Blocking. */
@ApplicationScoped
public class PdfSeal {

    private final SealKeys keys;

    PdfSeal(SealKeys keys) {
        this.keys = keys;
    }

    byte[] sign(byte[] pdf, Seal seal, Instant at) {
        List<CertificateToken> chain =
                seal.chain().stream().map(CertificateToken::new).toList();
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(chain.getFirst());
        parameters.setCertificateChain(chain);
        parameters.bLevel().setSigningDate(Date.from(at));
        parameters.setSignerName(seal.nameEn());
        PAdESService service = new PAdESService(new CommonCertificateVerifier());
        DSSDocument document = new InMemoryDocument(pdf);
        ToBeSigned toBeSigned = service.getDataToSign(document, parameters);
        SignatureValue signature =
                new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, keys.sign(seal.agency(), toBeSigned.getBytes()));
        DSSDocument signed = service.signDocument(document, parameters, signature);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            signed.writeTo(out);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return out.toByteArray();
    }
}
