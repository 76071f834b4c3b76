package city.madang.identity.sdjwt;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes one SD-JWT (RFC 9901) in which every claim is disclosable by itself, also inside objects where the type declares so.
 * One object serves one credential: salts are never shared.
 */
public final class SdJwtIssuer {

    /** The number of digests is filled up to a multiple of this, so that it says little about what is inside. */
    private static final int DIGESTS_STEP = 8;

    /** RFC 9901 §9.3 recommends 128 bits. */
    private static final int SALT_BYTES = 16;

    private static final int DIGEST_BYTES = 32;

    private final Collection<List<String>> declared;
    private final SecureRandom random = new SecureRandom();
    private final List<String> disclosures = new ArrayList<>();

    private SdJwtIssuer(Collection<List<String>> declared) {
        this.declared = declared;
    }

    /**
     * Signs.
     *
     * @param header base64url of the JOSE header, which is the same for many credentials
     * @param open claims that everyone sees, such as {@code vct} and {@code cnf}
     * @param claims what the holder discloses or not
     * @param declared paths of the claims that are disclosable inside others; those at the top always are
     * @param signer takes the signing input, gives {@code r ‖ s}
     * @return the JWT and all disclosures, each followed by {@code ~}
     */
    public static String sign(
            String header,
            Map<String, Object> open,
            Map<String, ? extends @Nullable Object> claims,
            Collection<List<String>> declared,
            UnaryOperator<byte[]> signer) {
        SdJwtIssuer issuer = new SdJwtIssuer(declared);
        Map<String, Object> payload = new LinkedHashMap<>(open);
        payload.put("_sd", issuer.topLevel(claims));
        payload.put("_sd_alg", "sha-256");
        String input = header + "." + Base64Url.encode(StrictJson.write(payload).getBytes(StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder(input)
                .append('.')
                .append(Base64Url.encode(signer.apply(input.getBytes(StandardCharsets.US_ASCII))))
                .append('~');
        issuer.disclosures.forEach(disclosure -> text.append(disclosure).append('~'));
        return text.toString();
    }

    private List<String> topLevel(Map<String, ? extends @Nullable Object> claims) {
        List<String> digests = new ArrayList<>();
        claims.forEach((name, value) -> digests.add(digest(name, inside(value, List.of(name)))));
        while (digests.isEmpty() || digests.size() % DIGESTS_STEP != 0) {
            digests.add(Base64Url.encode(random(DIGEST_BYTES)));
        }
        // in the order of the hashes, which says nothing of the order of the claims
        digests.sort(null);
        return digests;
    }

    /** The value with its own disclosable members in the place of their values, if it is an object that has such. */
    private @Nullable Object inside(@Nullable Object value, List<String> path) {
        if (!(value instanceof Map<?, ?> object)
                || declared.stream().noneMatch(longer -> longer.size() > path.size() && startsWith(longer, path))) {
            return value;
        }
        Map<String, @Nullable Object> open = new LinkedHashMap<>();
        List<String> digests = new ArrayList<>();
        object.forEach((key, member) -> {
            String name = String.valueOf(key);
            List<String> at = new ArrayList<>(path);
            at.add(name);
            @Nullable Object held = inside(member, at);
            if (declared.stream().anyMatch(one -> startsWith(one, at))) {
                digests.add(digest(name, held));
            } else {
                open.put(name, held);
            }
        });
        digests.sort(null);
        if (!digests.isEmpty()) {
            open.put("_sd", digests);
        }
        return open;
    }

    private static boolean startsWith(List<String> path, List<String> prefix) {
        return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    private String digest(String name, @Nullable Object value) {
        String json = StrictJson.write(Arrays.asList(Base64Url.encode(random(SALT_BYTES)), name, value));
        String disclosure = Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
        disclosures.add(disclosure);
        return Base64Url.encode(Sha256.of(disclosure.getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] random(int bytes) {
        byte[] fresh = new byte[bytes];
        random.nextBytes(fresh);
        return fresh;
    }
}
