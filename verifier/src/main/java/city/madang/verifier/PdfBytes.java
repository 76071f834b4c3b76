package city.madang.verifier;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the signature of a PDF by its bytes: {@code /ByteRange [0 a b c]} with the CMS signature as hex digits between {@code a} and {@code b} (ISO
 * 32000-2 §12.8.1). Nothing of the PDF is parsed or unpacked.
 */
final class PdfBytes {

    private static final String KEY = "/ByteRange";
    private static final Pattern RANGE = Pattern.compile(
            "/ByteRange\\s{0,4}\\[\\s{0,4}(\\d{1,10})\\s{1,4}(\\d{1,10})\\s{1,4}(\\d{1,10})\\s{1,4}(\\d{1,10})\\s{0,4}]");

    /** Of the text after the key in which the numbers must stand. */
    private static final int WINDOW = 80;

    /** Hex digits of a signature with its certificates and timestamp. */
    private static final int LONGEST_SIGNATURE = 256 * 1024;

    private static final int MOST_CERTIFICATES = 16;

    private PdfBytes() {}

    static SealBytes read(byte[] pdf) {
        List<Integer> places = places(pdf);
        if (places.isEmpty()) {
            return new SealBytes.None();
        }
        SealBytes first = at(pdf, places.getFirst());
        if (places.size() == 1 || !(first instanceof SealBytes.Signed signed)) {
            return first;
        }
        // a sealed record has one signature; another one is a change, whoever made it
        return new SealBytes.Signed(signed.signer(), signed.sent(), signed.holds(), false, signed.claimed());
    }

    private static List<Integer> places(byte[] pdf) {
        byte[] key = KEY.getBytes(US_ASCII);
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at + key.length < pdf.length && places.size() < 3; at++) {
            int match = 0;
            while (match < key.length && pdf[at + match] == key[match]) {
                match++;
            }
            if (match == key.length) {
                places.add(at);
            }
        }
        return places;
    }

    private static SealBytes at(byte[] pdf, int place) {
        Matcher range = RANGE.matcher(new String(pdf, place, Math.min(WINDOW, pdf.length - place), US_ASCII));
        if (!range.lookingAt()) {
            return malformed("봉인의 범위를 읽을 수 없습니다.", "What its signature covers cannot be read.");
        }
        long start = Long.parseLong(range.group(1));
        long first = Long.parseLong(range.group(2));
        long second = Long.parseLong(range.group(3));
        long rest = Long.parseLong(range.group(4));
        if (start != 0 || first + 2 > second || second + rest > pdf.length || second - first > LONGEST_SIGNATURE) {
            return malformed("봉인의 범위가 올바르지 않습니다.", "What its signature claims to cover is not in the file.");
        }
        byte @Nullable [] cms = hex(pdf, (int) first, (int) second);
        if (cms == null) {
            return malformed("봉인이 있어야 할 곳에 다른 것이 있습니다.", "Something else is where the signature should be.");
        }
        boolean whole = second + rest == pdf.length;
        try {
            return signed(cms, new Ranges(pdf, (int) first, (int) second, (int) rest), whole);
        } catch (CMSException
                | IOException
                | GeneralSecurityException
                | OperatorCreationException
                | RuntimeException broken) {
            return malformed("봉인을 읽을 수 없습니다.", "Its signature cannot be read.");
        }
    }

    private static SealBytes malformed(String ko, String en) {
        return new SealBytes.Malformed(new Text(ko, en));
    }

    /** The hex string in angle brackets that fills the gap; null if there is anything else. */
    private static byte @Nullable [] hex(byte[] pdf, int from, int to) {
        if (pdf[from] != '<' || pdf[to - 1] != '>') {
            return null;
        }
        try {
            return HexFormat.of().parseHex(new String(pdf, from + 1, to - from - 2, US_ASCII));
        } catch (IllegalArgumentException notHex) {
            return null;
        }
    }

    private static SealBytes signed(byte[] cms, Ranges content, boolean whole)
            throws CMSException, IOException, GeneralSecurityException, OperatorCreationException {
        ContentInfo info;
        // zeroes fill the place that was kept for it
        try (ASN1InputStream in = new ASN1InputStream(new ByteArrayInputStream(cms), cms.length)) {
            info = ContentInfo.getInstance(in.readObject());
        }
        CMSSignedData data = new CMSSignedData(content, info);
        Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
        Collection<X509CertificateHolder> holders = data.getCertificates().getMatches(null);
        if (signers.size() != 1 || holders.size() > MOST_CERTIFICATES) {
            return malformed("서명자가 한 명이 아닙니다.", "It has not exactly one signer.");
        }
        SignerInformation signer = signers.iterator().next();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> sent = new ArrayList<>();
        @Nullable X509Certificate own = null;
        for (X509CertificateHolder holder : holders) {
            X509Certificate certificate = converter.getCertificate(holder);
            sent.add(certificate);
            if (signer.getSID().match(holder)) {
                own = certificate;
            }
        }
        if (own == null) {
            return malformed("서명자의 인증서가 없습니다.", "Its signer's certificate is missing.");
        }
        boolean holds;
        try {
            holds = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(own.getPublicKey()));
        } catch (CMSException broken) {
            holds = false;
        }
        return new SealBytes.Signed(own, sent, holds, whole, claimed(signer));
    }

    private static Optional<Instant> claimed(SignerInformation signer) {
        Attribute time = signer.getSignedAttributes() == null
                ? null
                : signer.getSignedAttributes().get(CMSAttributes.signingTime);
        return time == null
                ? Optional.empty()
                : Optional.of(
                        Time.getInstance(time.getAttributeValues()[0]).getDate().toInstant());
    }

    /** The bytes before and after the signature, where they are. */
    private record Ranges(byte[] pdf, int first, int second, int rest) implements CMSTypedData {

        @Override
        public void write(java.io.OutputStream out) throws IOException {
            out.write(pdf, 0, first);
            out.write(pdf, second, rest);
        }

        @Override
        public Object getContent() {
            return pdf;
        }

        @Override
        public org.bouncycastle.asn1.ASN1ObjectIdentifier getContentType() {
            return org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.data;
        }
    }
}
