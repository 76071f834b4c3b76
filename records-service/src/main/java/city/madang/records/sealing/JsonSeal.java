package city.madang.records.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.records.OnJvm;
import city.madang.records.agencies.Seal;
import city.madang.records.agencies.SealSigner;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.JAdESSigningTimeType;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Signs JSON with an agency's seal: JAdES-B-T where a timestamp authority is configured, else JAdES-B-B (ETSI TS 119 182-1 §6), as a flattened JWS in
 * which the JSON is the payload (RFC 7515 §7.2.2). Blocking.
 */
@OnJvm
@ApplicationScoped
public class JsonSeal {

    private final SealSigner keys;
    private final Optional<TSPSource> timestamps;

    @Inject
    JsonSeal(SealSigner keys, TimestampAuthority timestamps) {
        this(keys, timestamps.source());
    }

    /** Outside of the service, as its benchmark is. */
    public JsonSeal(SealSigner keys, Optional<TSPSource> timestamps) {
        this.keys = keys;
        this.timestamps = timestamps;
    }

    public byte[] sign(String json, Seal seal, Instant at) {
        List<CertificateToken> chain =
                seal.chain().stream().map(CertificateToken::new).toList();
        JAdESSignatureParameters parameters = new JAdESSignatureParameters();
        parameters.setSignatureLevel(
                timestamps.isPresent() ? SignatureLevel.JAdES_BASELINE_T : SignatureLevel.JAdES_BASELINE_B);
        parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
        parameters.setJwsSerializationType(JWSSerializationType.FLATTENED_JSON_SERIALIZATION);
        parameters.setJadesSigningTimeType(JAdESSigningTimeType.IAT);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(chain.getFirst());
        parameters.setCertificateChain(chain);
        parameters.bLevel().setSigningDate(Date.from(at));
        JAdESService service = new JAdESService(new CommonCertificateVerifier());
        timestamps.ifPresent(service::setTspSource);
        DSSDocument document = new InMemoryDocument(json.getBytes(UTF_8));
        ToBeSigned toBeSigned = service.getDataToSign(document, parameters);
        SignatureValue signature =
                new SignatureValue(SignatureAlgorithm.ECDSA_SHA256, keys.sign(seal.agency(), toBeSigned.getBytes()));
        return PdfSeal.bytes(service.signDocument(document, parameters, signature));
    }
}
