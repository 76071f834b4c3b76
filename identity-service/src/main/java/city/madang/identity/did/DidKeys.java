package city.madang.identity.did;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of DIDs that carry their key in themselves: the did:jwk method, and the did:key method for P-256. Nothing is
 * fetched.
 */
public final class DidKeys {

    private static final String JWK = "did:jwk:";
    private static final String KEY = "did:key:";

    /** Multicodec {@code p256-pub} (0x1200) as an unsigned varint. */
    private static final byte[] P256_PUB = {(byte) 0x80, 0x24};

    /** Multibase prefix of base58btc. */
    private static final String BASE58_BTC = "z";

    /** Far above a JWK with {@code kid}, {@code use} and {@code alg}. */
    private static final int LONGEST = 2000;

    private DidKeys() {}

    /**
     * The key that a DID URL names (DID Core §3.2), e.g. {@code did:jwk:eyJ…#0} or {@code did:key:zDn…#zDn…}. The fragment
     * must be the one that the method gives to the DID's only verification method.
     *
     * @throws Malformed if it is of another method, names no key, or the key is not a public one on P-256
     */
    public static PublicJwk resolve(String didUrl) throws Malformed {
        int hash = didUrl.indexOf('#');
        if (didUrl.length() > LONGEST || hash < 0) {
            throw new Malformed("the DID URL is too long, or has no fragment that names a key");
        }
        String did = didUrl.substring(0, hash);
        String fragment = didUrl.substring(hash + 1);
        if (did.startsWith(JWK)) {
            if (!fragment.equals("0")) {
                throw new Malformed("a did:jwk has the key #0 alone");
            }
            return ofJwk(did.substring(JWK.length()));
        }
        if (did.startsWith(KEY)) {
            String value = did.substring(KEY.length());
            if (!fragment.equals(value)) {
                throw new Malformed("the fragment of a did:key must repeat its value");
            }
            return ofKey(value);
        }
        throw new Malformed("only did:jwk and did:key are understood");
    }

    private static PublicJwk ofJwk(String encoded) throws Malformed {
        Map<String, @Nullable Object> jwk =
                StrictJson.object(new String(Base64Url.decode(encoded), StandardCharsets.UTF_8));
        if (jwk.containsKey("use") && !"sig".equals(jwk.get("use"))) {
            throw new Malformed("the key of the did:jwk is not for signatures");
        }
        if (jwk.containsKey("alg") && !"ES256".equals(jwk.get("alg"))) {
            throw new Malformed("the key of the did:jwk is not for ES256");
        }
        return PublicJwk.parse(jwk);
    }

    private static PublicJwk ofKey(String multibase) throws Malformed {
        if (!multibase.startsWith(BASE58_BTC)) {
            throw new Malformed("a did:key must be in base58btc");
        }
        byte[] bytes = Base58.decode(multibase.substring(1));
        if (!Base58.startsWith(bytes, P256_PUB)) {
            throw new Malformed("the did:key is not for P-256");
        }
        return PublicJwk.of(CompressedPoint.decode(Arrays.copyOfRange(bytes, P256_PUB.length, bytes.length)));
    }

    /** The did:jwk of a key, without fragment. */
    public static String didJwk(PublicJwk key) {
        return JWK + Base64Url.encode(StrictJson.write(key.toJson()).getBytes(StandardCharsets.UTF_8));
    }

    /** The did:key of a key, without fragment. */
    public static String didKey(ECPublicKey key) {
        byte[] point = CompressedPoint.encode(key);
        byte[] bytes = Arrays.copyOf(P256_PUB, P256_PUB.length + point.length);
        System.arraycopy(point, 0, bytes, P256_PUB.length, point.length);
        return KEY + BASE58_BTC + Base58.encode(bytes);
    }
}
