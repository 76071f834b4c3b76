package city.madang.identity.status;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
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

    ListToken with(int width, byte[] list) {
        return new ListToken(uri, issued, expires, ttl, width, list, aggregationUri);
    }

    /**
     * The signed token.
     *
     * @param issuer whose {@code x5c} goes along, without the anchor
     * @param signer takes the bytes to be signed, gives {@code r ‖ s} of the issuer's key
     */
    byte[] sign(ListFormat format, AgencyCertificate issuer, UnaryOperator<byte[]> signer) {
        return switch (format) {
            case JWT -> jwt(issuer, signer).getBytes(StandardCharsets.US_ASCII);
            case CWT -> throw new UnsupportedOperationException("not yet");
        };
    }

    private String jwt(AgencyCertificate issuer, UnaryOperator<byte[]> signer) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "statuslist+jwt");
        header.put("x5c", issuer.x5c());
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
}
