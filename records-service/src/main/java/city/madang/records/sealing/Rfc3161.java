package city.madang.records.sealing;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * A timestamp authority's client (RFC 3161 §2.4). What it answers is held against the question (digest, nonce), against its certificate and
 * its trust anchors, and against our clock, before a seal takes it. Blocking.
 */
final class Rfc3161 implements TSPSource {

    private static final long serialVersionUID = 1;

    /** How far the authority's clock may be from ours. */
    static final Duration SKEW = Duration.ofMinutes(5);

    private static final int NONCE_BITS = 64;

    private final transient Post post;
    private final transient List<X509Certificate> anchors;
    private final transient SecureRandom random = new SecureRandom();

    /** Sends a DER-encoded TimeStampReq; a DER-encoded TimeStampResp comes back. */
    @FunctionalInterface
    interface Post {
        byte[] ask(byte[] request);
    }

    Rfc3161(Post post, List<X509Certificate> anchors) {
        this.post = post;
        this.anchors = List.copyOf(anchors);
    }

    @Override
    public TimestampBinary getTimeStampResponse(DigestAlgorithm algorithm, byte[] digest) {
        try {
            TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            TimeStampRequest request = generator.generate(
                    new ASN1ObjectIdentifier(algorithm.getOid()), digest, new BigInteger(NONCE_BITS, random));
            TimeStampResponse response = new TimeStampResponse(post.ask(request.getEncoded()));
            response.validate(request);
            TimeStampToken token = response.getTimeStampToken();
            if (token == null) {
                throw new DSSException("the timestamp authority refused: " + response.getStatusString());
            }
            check(token);
            return new TimestampBinary(token.getEncoded());
        } catch (TSPException | IOException | GeneralSecurityException | OperatorCreationException wrong) {
            throw new DSSException("the timestamp authority's answer is not good: " + wrong.getMessage(), wrong);
        }
    }

    private void check(TimeStampToken token)
            throws TSPException, GeneralSecurityException, OperatorCreationException, IOException {
        Instant said = token.getTimeStampInfo().getGenTime().toInstant();
        if (Duration.between(said, Instant.now()).abs().compareTo(SKEW) > 0) {
            throw new DSSException("the timestamp authority's clock is wrong by more than " + SKEW);
        }
        Collection<X509CertificateHolder> signers = token.getCertificates().getMatches(token.getSID());
        if (signers.size() != 1) {
            throw new DSSException("the timestamp authority's answer is without its certificate");
        }
        X509Certificate signer = new JcaX509CertificateConverter()
                .getCertificate(signers.iterator().next());
        // signature, key usage and the signing certificate's hash
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
        List<X509Certificate> sent = new ArrayList<>();
        for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
            sent.add(new JcaX509CertificateConverter().getCertificate(holder));
        }
        leadsToAnchor(signer, sent, said);
    }

    /** RFC 5280 §6; revocation is the operator's to follow. */
    private void leadsToAnchor(X509Certificate signer, List<X509Certificate> sent, Instant at)
            throws GeneralSecurityException {
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(signer);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet()), target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(sent)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        java.security.cert.CertPathBuilder.getInstance("PKIX").build(parameters);
    }
}
