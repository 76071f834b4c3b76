package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborMap;
import city.madang.identity.cbor.CborReader;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.jose.Malformed;
import city.madang.identity.sdjwt.SdJwtPresentation.ChainTrust;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a {@code DeviceResponse} (ISO/IEC 18013-5 §8.3.2.1.2.2, §9.1.3, §9.3.1). Members that a later minor version may add are
 * passed over; errors that a device reports for elements it did not give too.
 */
public final class DeviceResponses {

    /** Documents with a portrait have some tens of kilobytes. */
    static final int LONGEST = 512 * 1024;

    static final int MOST_DOCUMENTS = 8;

    private static final long OK = 0;

    /** What of a document is looked at, in this order. */
    public enum Stage {
        /** Signature, chain, digests and type. */
        ISSUER,
        VALIDITY,
        DEVICE
    }

    private DeviceResponses() {}

    /**
     * All documents of the response, each of which holds.
     *
     * @param sessionTranscript CBOR, from {@link SessionTranscripts}
     * @param trust is given the chain as an {@code x5c} header would hold it
     * @throws Malformed with the reason, if anything at all is wrong with any of them
     */
    public static List<PresentedMdoc> check(
            byte[] deviceResponse, byte[] sessionTranscript, ChainTrust trust, Instant now) throws Malformed {
        return check(deviceResponse, sessionTranscript, trust, now, stage -> {});
    }

    /**
     * As {@link #check(byte[], byte[], ChainTrust, Instant)}.
     *
     * @param reached is told of each stage as it begins, so that the last one is where a document failed
     */
    public static List<PresentedMdoc> check(
            byte[] deviceResponse, byte[] sessionTranscript, ChainTrust trust, Instant now, Consumer<Stage> reached)
            throws Malformed {
        if (deviceResponse.length > LONGEST) {
            throw new Malformed("the DeviceResponse is too long");
        }
        CborMap response = CborMap.read(deviceResponse, "the DeviceResponse");
        Versions.check(response.text("version"), "the DeviceResponse");
        if (response.integer("status") != OK) {
            throw new Malformed("the device reports an error");
        }
        List<@Nullable Object> documents = response.array("documents");
        if (documents.isEmpty() || documents.size() > MOST_DOCUMENTS) {
            throw new Malformed("the DeviceResponse must hold one to " + MOST_DOCUMENTS + " documents");
        }
        List<PresentedMdoc> presented = new ArrayList<>();
        for (Object document : documents) {
            presented.add(document(CborMap.of(document, "a document"), sessionTranscript, trust, now, reached));
        }
        return presented;
    }

    private static PresentedMdoc document(
            CborMap document, byte[] sessionTranscript, ChainTrust trust, Instant now, Consumer<Stage> reached)
            throws Malformed {
        reached.accept(Stage.ISSUER);
        CborMap issuerSigned = document.map("issuerSigned");
        CoseSign1 issuerAuth = CoseSign1.of(issuerSigned.get("issuerAuth"), "issuerAuth");
        List<byte[]> x5chain = issuerAuth.x5chain();
        X509Certificate issuer = trust.leafOf(
                x5chain.stream().map(Base64.getEncoder()::encodeToString).toList());
        if (!(issuer.getPublicKey() instanceof ECPublicKey issuerKey) || !issuerAuth.isSignedBy(issuerKey)) {
            throw new Malformed("the document is not signed by its issuer");
        }
        SecurityObject object = SecurityObject.parse(CborReader.read(issuerAuth.payload()));
        Map<String, Map<String, Object>> disclosed = issuerSigned.has("nameSpaces")
                ? DisclosedElements.check(issuerSigned.map("nameSpaces"), object)
                : Map.of();
        String docType = document.text("docType");
        if (!docType.equals(object.docType())) {
            throw new Malformed("the document's type is not the one its issuer signed");
        }
        reached.accept(Stage.VALIDITY);
        object.checkTimes(issuer, now);
        reached.accept(Stage.DEVICE);
        DeviceAuthentication.check(document.map("deviceSigned"), object.deviceKey(), docType, sessionTranscript);
        return new PresentedMdoc(docType, disclosed, issuer, certificates(x5chain), object.status());
    }

    private static List<X509Certificate> certificates(List<byte[]> x5chain) throws Malformed {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : x5chain) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException broken) {
            throw new Malformed("x5chain of issuerAuth must hold certificates");
        }
        return chain;
    }
}
