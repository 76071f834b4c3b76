package city.madang.identity.authorization;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.Sha256;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A DPoP proof whose signature, type, method, address and time are right (RFC 9449 §4.3). Whether its nonce is fresh and whether
 * it was used before is not known yet.
 *
 * @param jkt thumbprint of its key
 * @param nonce what the wallet says the server gave it
 * @param onceSha256 names this proof among all of this key
 */
public record DpopProof(String jkt, @Nullable String nonce, @Nullable String ath, String onceSha256) {

    /** Header of the request. */
    public static final String HEADER = "DPoP";

    static final String NONCE_HEADER = "DPoP-Nonce";

    private static final String TYPE = "dpop+jwt";

    /** How old a proof may be; its nonce is usually younger. */
    private static final long OLDEST_SECONDS = 300;

    /** How far a wallet's clock may be ahead. */
    private static final long AHEAD_SECONDS = 60;

    private static final int LONGEST_JTI = 256;

    /**
     * Reads the one proof of a request.
     *
     * @throws Malformed with the reason, for {@code invalid_dpop_proof}
     */
    static DpopProof check(List<String> headers, String method, String url, Instant now) throws Malformed {
        if (headers.size() != 1) {
            throw new Malformed("there must be exactly one DPoP header");
        }
        CompactJws jws = CompactJws.parse(headers.getFirst(), TYPE);
        Map<String, @Nullable Object> claims = jws.payload();
        if (!method.equals(claims.get("htm"))) {
            throw new Malformed("htm is not the method of the request");
        }
        // most wallets spell it as we do
        if (!(claims.get("htu") instanceof String htu)
                || !(htu.equals(url) || address(url).equals(address(htu)))) {
            throw new Malformed("htu is not the address of the request");
        }
        if (!(claims.get("iat") instanceof Number iat)) {
            throw new Malformed("iat is missing");
        }
        long age = now.getEpochSecond() - iat.longValue();
        if (age > OLDEST_SECONDS || age < -AHEAD_SECONDS) {
            throw new Malformed("iat is too far from now");
        }
        if (!(claims.get("jti") instanceof String jti) || jti.isEmpty() || jti.length() > LONGEST_JTI) {
            throw new Malformed("jti is missing or too long");
        }
        PublicJwk key = PublicJwk.parse(jws.header().get("jwk"));
        if (!jws.isSignedBy(key.toKey())) {
            throw new Malformed("the proof is not signed by its key");
        }
        String jkt = key.thumbprint();
        return new DpopProof(
                jkt,
                claims.get("nonce") instanceof String nonce ? nonce : null,
                claims.get("ath") instanceof String ath ? ath : null,
                Sha256.hex("dpop " + jkt + ' ' + jti));
    }

    /** What of this proof may be used once. */
    UsedOnce.Thing once(DpopNonces.Fresh fresh) {
        return new UsedOnce.Thing(onceSha256, fresh.from(), fresh.until());
    }

    /** RFC 9449 §4.1. */
    boolean isFor(String accessToken) {
        return Base64Url.encode(Sha256.of(accessToken.getBytes(StandardCharsets.US_ASCII)))
                .equals(ath);
    }

    /** RFC 9449 §4.3: without query and fragment, normalised by syntax and scheme (RFC 3986 §6.2.2 and §6.2.3). */
    private static String address(String url) throws Malformed {
        try {
            URI uri = new URI(url).normalize();
            String scheme = uri.getScheme();
            String host = uri.getHost();
            if (scheme == null || host == null) {
                throw new Malformed("htu must be an absolute address");
            }
            scheme = scheme.toLowerCase(Locale.ROOT);
            int port = uri.getPort();
            boolean ordinary =
                    port == -1 || (port == 443 && scheme.equals("https")) || (port == 80 && scheme.equals("http"));
            return scheme + "://" + host.toLowerCase(Locale.ROOT) + (ordinary ? "" : ":" + port) + uri.getPath();
        } catch (URISyntaxException broken) {
            throw new Malformed("htu must be an absolute address");
        }
    }
}
