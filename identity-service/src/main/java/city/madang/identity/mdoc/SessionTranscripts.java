package city.madang.identity.mdoc;

import city.madang.identity.cbor.CborWriter;
import city.madang.identity.jose.Sha256;
import org.jspecify.annotations.Nullable;

/** The {@code SessionTranscript} that a device signs, as OpenID4VP 1.0 builds it. */
public final class SessionTranscripts {

    private static final int ROOM = 256;

    private SessionTranscripts() {}

    /**
     * For requests over redirects and {@code direct_post} (OpenID4VP 1.0 appendix B.2.6.1).
     *
     * @param clientId with its prefix
     * @param jwkThumbprint RFC 7638 SHA-256 of the key that the response was encrypted to; null if it was not
     */
    public static byte[] openId4Vp(String clientId, String nonce, byte @Nullable [] jwkThumbprint, String responseUri) {
        CborWriter info = new CborWriter(ROOM).array(4).text(clientId).text(nonce);
        thumbprint(info, jwkThumbprint).text(responseUri);
        return transcript("OpenID4VPHandover", info);
    }

    /**
     * For requests over the Digital Credentials API (OpenID4VP 1.0 appendix B.2.6.2).
     *
     * @param origin without the prefix {@code origin:}
     */
    public static byte[] openId4VpDcApi(String origin, String nonce, byte @Nullable [] jwkThumbprint) {
        CborWriter info = new CborWriter(ROOM).array(3).text(origin).text(nonce);
        return transcript("OpenID4VPDCAPIHandover", thumbprint(info, jwkThumbprint));
    }

    private static CborWriter thumbprint(CborWriter info, byte @Nullable [] jwkThumbprint) {
        return jwkThumbprint == null ? info.nothing() : info.bytes(jwkThumbprint);
    }

    private static byte[] transcript(String handover, CborWriter info) {
        CborWriter transcript = new CborWriter(ROOM).array(3).nothing().nothing();
        return transcript
                .array(2)
                .text(handover)
                .bytes(Sha256.of(info.toBytes()))
                .toBytes();
    }
}
