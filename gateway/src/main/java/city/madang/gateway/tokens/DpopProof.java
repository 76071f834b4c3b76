package city.madang.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A DPoP proof that fits its request and its access token (RFC 9449, section 4.3). Whether it was used before, and whether its nonce is
 * fresh, is not known here.
 *
 * @param key thumbprint of the key that signed it (RFC 7638)
 * @param id {@code jti}
 */
record DpopProof(String key, String id) {

    /** How old a proof may be, in seconds. */
    static final long OLDEST_SECONDS = 300;

    /** How far the caller's clock may be ahead, in seconds. */
    static final long AHEAD_SECONDS = 60;

    private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");
    private static final int LONGEST = 4096;
    private static final int LONGEST_ID = 256;

    /** Why a proof does not count, in a sentence for the caller. */
    @SuppressWarnings("serial")
    static final class Refused extends Exception {
        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Checks the proof of a request.
     *
     * @param fields all its header fields {@code DPoP}
     * @param url its public address
     * @param token the access token that came along
     * @param now seconds since the epoch
     */
    static DpopProof check(List<String> fields, String method, URI url, String token, long now) throws Refused {
        if (fields.size() != 1 || fields.getFirst().length() > LONGEST) {
            throw new Refused("there must be exactly one DPoP header");
        }
        try {
            SignedJWT proof = SignedJWT.parse(fields.getFirst());
            if (!TYPE.equals(proof.getHeader().getType())
                    || !JWSAlgorithm.ES256.equals(proof.getHeader().getAlgorithm())) {
                throw new Refused("the proof must be of type dpop+jwt, signed by ES256");
            }
            if (!(proof.getHeader().getJWK() instanceof ECKey key) || key.isPrivate()) {
                throw new Refused("the proof must carry its public key");
            }
            fits(proof.getJWTClaimsSet(), method, url, token, now);
            ECDSAVerifier verifier = new ECDSAVerifier(key);
            verifier.getJCAContext().setProvider(FastCrypto.PROVIDER);
            if (!proof.verify(verifier)) {
                throw new Refused("the proof is not signed by its key");
            }
            return new DpopProof(
                    key.computeThumbprint().toString(), proof.getJWTClaimsSet().getJWTID());
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            throw new Refused("the proof is malformed");
        }
    }

    private static void fits(JWTClaimsSet claims, String method, URI url, String token, long now)
            throws ParseException, Refused {
        if (!method.equals(claims.getStringClaim("htm"))) {
            throw new Refused("htm is not the method of the request");
        }
        String address = claims.getStringClaim("htu");
        if (address == null || !normalised(url).equals(normalised(address))) {
            throw new Refused("htu is not the address of the request");
        }
        if (claims.getIssueTime() == null) {
            throw new Refused("iat is missing");
        }
        long age = now - claims.getIssueTime().toInstant().getEpochSecond();
        if (age > OLDEST_SECONDS || age < -AHEAD_SECONDS) {
            throw new Refused("iat is too far from now");
        }
        String id = claims.getJWTID();
        if (id == null || id.isEmpty() || id.length() > LONGEST_ID) {
            throw new Refused("jti is missing or too long");
        }
        if (!Sha256.base64Url(token.getBytes(StandardCharsets.US_ASCII)).equals(claims.getStringClaim("ath"))) {
            throw new Refused("ath is not the hash of the access token");
        }
    }

    private static String normalised(String url) throws Refused {
        try {
            return normalised(new URI(url));
        } catch (URISyntaxException broken) {
            throw new Refused("htu must be an absolute address");
        }
    }

    /** Without query and fragment, normalised by syntax and scheme (RFC 3986, sections 6.2.2 and 6.2.3). */
    private static String normalised(URI url) throws Refused {
        URI plain = url.normalize();
        @Nullable String scheme = plain.getScheme();
        @Nullable String host = plain.getHost();
        if (scheme == null || host == null) {
            throw new Refused("htu must be an absolute address");
        }
        String lower = scheme.toLowerCase(Locale.ROOT);
        int port = plain.getPort();
        boolean usual = port < 0 || port == ("https".equals(lower) ? 443 : 80);
        return lower + "://" + host.toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port) + plain.getPath();
    }
}
