package city.madang.records.sealing;

import city.madang.records.OnJvm;
import city.madang.records.agencies.Seal;
import city.madang.records.agencies.SealSigner;
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
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Signs a PDF with an agency's seal: PAdES-B-T where a timestamp authority is configured, else PAdES-B-B (ETSI EN 319 142-1 §6). Blocking.
 */
@OnJvm
@ApplicationScoped
public class PdfSeal {

    /** Bytes kept for the signature: certificates and a timestamp token with its own fit well. */
    private static final int CONTENT_BYTES = 16 * 1024;

    private final SealSigner keys;
    private final Optional<TSPSource> timestamps;

    @Inject
    PdfSeal(SealSigner keys, TimestampAuthority timestamps) {
        this(keys, timestamps.source());
    }

    /** Outside of the service, as its benchmark is. */
    public PdfSeal(SealSigner keys, Optional<TSPSource> timestamps) {
        this.keys = keys;
        this.timestamps = timestamps;
    }

    public byte[] sign(byte[] pdf, Seal seal, Instant at) {
        List<CertificateToken> chain =
                seal.chain().stream().map(CertificateToken::new).toList();
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(
                timestamps.isPresent() ? SignatureLevel.PAdES_BASELINE_T : SignatureLevel.PAdES_BASELINE_B);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(chain.getFirst());
        parameters.setCertificateChain(chain);
        parameters.bLevel().setSigningDate(Date.from(at));
        parameters.setSignerName(seal.nameEn());
        if (timestamps.isPresent()) {
            parameters.setContentSize(CONTENT_BYTES);
        }
        PAdESService service = new PAdESService(new CommonCertificateVerifier());
        timestamps.ifPresent(service::setTspSource);
        DSSDocument document = new InMemoryDocument(pdf);
        ToBeSigned toBeSigned = service.getDataToSign(document, parameters);
        SignatureValue signature =
                new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, keys.sign(seal.agency(), toBeSigned.getBytes()));
        return bytes(service.signDocument(document, parameters, signature));
    }

    static byte[] bytes(DSSDocument document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            document.writeTo(out);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return out.toByteArray();
    }
}
