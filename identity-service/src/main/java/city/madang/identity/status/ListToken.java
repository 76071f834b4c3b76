package city.madang.identity.status;

import city.madang.identity.cbor.CborWriter;
import city.madang.identity.cbor.CoseSign1;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.PublicJwk;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a Status List Token says (draft-ietf-oauth-status-list §5).
 *
 * @param uri of the list, {@code sub}
 * @param issued seconds since 1970, {@code iat}
 * @param expires seconds since 1970, {@code exp}
 * @param ttl seconds
 * @param compressed the list, ZLIB
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListToken(String uri, long issued, long expires, long ttl, int bits, byte[] compressed, String aggregationUri) {

    /** For what comes beside the list. */
    private static final int ROOM = 4096;

    ListToken with(int width, byte[] list) {
        return new ListToken(uri, issued, expires, ttl, width, list, aggregationUri);
    }

    /**
     * The signed token.
     *
     * @param x5c the agency's chain, base64 DER, without the anchor
     * @param signer takes the bytes to be signed, gives {@code r ‖ s} of the leaf's key
     */
    byte[] sign(ListFormat format, List<String> x5c, UnaryOperator<byte[]> signer) {
        return switch (format) {
            case JWT -> jwt(x5c, signer).getBytes(StandardCharsets.US_ASCII);
            case CWT -> cwt(x5c, signer);
        };
    }

    private String jwt(List<String> x5c, UnaryOperator<byte[]> signer) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "statuslist+jwt");
        header.put("x5c", x5c);
        // the leaf's key, for readers that resolve keys and no chains: HAIP alone says where the key is to stand
        header.put("jwk", PublicJwk.of(leaf(x5c)).toJson());
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("bits", bits);
        list.put("lst", Base64Url.encode(compressed));
        list.put("aggregation_uri", aggregationUri);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("sub", uri);
        payload.put("iat", issued);
        payload.put("exp", expires);
        payload.put("ttl", ttl);
        payload.put("status_list", list);
        return CompactJws.sign(header, payload, signer);
    }

    private static ECPublicKey leaf(List<String> x5c) {
        try {
            return (ECPublicKey) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(x5c.getFirst())))
                    .getPublicKey();
        } catch (CertificateException damaged) {
            throw new IllegalArgumentException("the chain does not begin with a certificate", damaged);
        }
    }

    /** Tagged as COSE_Sign1, and not as CWT (§5.2). */
    private byte[] cwt(List<String> x5c, UnaryOperator<byte[]> signer) {
        byte[] claims = new CborWriter(compressed.length + ROOM)
                .map(5)
                .integer(CwtClaim.SUBJECT)
                .text(uri)
                .integer(CwtClaim.EXPIRES)
                .integer(expires)
                .integer(CwtClaim.ISSUED)
                .integer(issued)
                .integer(CwtClaim.STATUS_LIST)
                .value(Map.of("bits", bits, "lst", compressed, "aggregation_uri", aggregationUri))
                .integer(CwtClaim.TIME_TO_LIVE)
                .integer(ttl)
                .toBytes();
        CborWriter out = new CborWriter(claims.length + ROOM).tag(CwtClaim.COSE_SIGN1);
        List<byte[]> chain = x5c.stream().map(Base64.getDecoder()::decode).toList();
        CoseSign1.write(out, ListFormat.CWT_TYPE, claims, chain, signer);
        return out.toBytes();
    }
}
