package city.madang.identity.mdoc;

import org.jspecify.annotations.Nullable;

/** The {@code SessionTranscript} that a device signs, as OpenID4VP 1.0 builds it. */
public final class SessionTranscripts {

    private SessionTranscripts() {}

    /**
     * For requests over redirects and {@code direct_post} (OpenID4VP 1.0 appendix B.2.6.1).
     *
     * @param clientId with its prefix
     * @param jwkThumbprint RFC 7638 SHA-256 of the key that the response was encrypted to; null if it was not
     */
    public static byte[] openId4Vp(String clientId, String nonce, byte @Nullable [] jwkThumbprint, String responseUri) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * For requests over the Digital Credentials API (OpenID4VP 1.0 appendix B.2.6.2).
     *
     * @param origin without the prefix {@code origin:}
     */
    public static byte[] openId4VpDcApi(String origin, String nonce, byte @Nullable [] jwkThumbprint) {
        throw new UnsupportedOperationException("not yet");
    }
}
