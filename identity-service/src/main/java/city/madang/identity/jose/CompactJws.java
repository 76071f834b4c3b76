package city.madang.identity.jose;

import city.madang.kit.p256.P256;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A compact JWS (RFC 7515 §7.1) with a JSON payload. Only {@code ES256} is ever taken: the algorithm is this service's
 * choice, so neither {@code none} nor an HMAC with a public key as its secret can be smuggled in.
 */
public record CompactJws(
        Map<String, @Nullable Object> header,
        Map<String, @Nullable Object> payload,
        String signingInput,
        byte[] signature) {

    /** Far above any proof, credential or key binding that this service takes. */
    private static final int LONGEST = 32 * 1024;

    /** @throws Malformed if it is not three strict base64url parts, or its header is not for ES256 of this type */
    public static CompactJws parse(String text, String type) throws Malformed {
        return parse(text, type, LONGEST);
    }

    /**
     * As {@link #parse(String, String)}, for what may be longer than most.
     *
     * @param longest characters, at most 8 Mi
     */
    public static CompactJws parse(String text, String type, int longest) throws Malformed {
        if (text.length() > longest) {
            throw new Malformed("the JWS is too long");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new Malformed("not a compact JWS");
        }
        Map<String, @Nullable Object> header =
                StrictJson.object(new String(Base64Url.decode(parts[0]), StandardCharsets.UTF_8));
        if (!"ES256".equals(header.get("alg"))) {
            throw new Malformed("alg must be ES256");
        }
        if (!type.equals(header.get("typ"))) {
            throw new Malformed("typ must be " + type);
        }
        if (header.containsKey("crit") || header.containsKey("b64")) {
            throw new Malformed("no critical extension is understood");
        }
        return new CompactJws(
                header,
                StrictJson.object(new String(Base64Url.decode(parts[1]), StandardCharsets.UTF_8), longest),
                parts[0] + "." + parts[1],
                Base64Url.decode(parts[2]));
    }

    public boolean isSignedBy(ECPublicKey key) {
        return P256.verify(key, signingInput.getBytes(StandardCharsets.US_ASCII), signature);
    }

    /** Signs; {@code signer} takes the signing input and gives {@code r ‖ s}. */
    public static String sign(Map<String, Object> header, Map<String, Object> payload, UnaryOperator<byte[]> signer) {
        String input = Base64Url.encode(StrictJson.write(header).getBytes(StandardCharsets.UTF_8))
                + "."
                + Base64Url.encode(StrictJson.write(payload).getBytes(StandardCharsets.UTF_8));
        return input + "." + Base64Url.encode(signer.apply(input.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The {@code x5c} header (RFC 7515 §4.1.6), for {@link #sign}. */
    public static List<String> x5c(List<byte[]> chain) {
        return chain.stream().map(Base64.getEncoder()::encodeToString).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CompactJws jws
                && signingInput.equals(jws.signingInput)
                && Arrays.equals(signature, jws.signature);
    }

    @Override
    public int hashCode() {
        return signingInput.hashCode();
    }

    @Override
    public String toString() {
        return "CompactJws[typ=" + header.get("typ") + "]";
    }
}
