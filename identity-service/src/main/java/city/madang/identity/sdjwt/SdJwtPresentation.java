package city.madang.identity.sdjwt;

import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Malformed;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An SD-JWT VC as it was presented, taken apart and not checked yet (RFC 9901 §4, SD-JWT VC §3).
 *
 * @param credential what the issuer signed
 * @param disclosures as they stand in the presentation, still encoded
 * @param keyBinding what the holder signed; null if nothing
 */
public record SdJwtPresentation(CompactJws credential, List<String> disclosures, @Nullable KeyBinding keyBinding) {

    /** One with a portrait has some tens of kilobytes. */
    private static final int LONGEST = 512 * 1024;

    /** Finds the certificate that a chain certifies, or refuses the chain. */
    @FunctionalInterface
    public interface ChainTrust {
        X509Certificate leafOf(@Nullable Object x5c) throws Malformed;
    }

    /** @throws Malformed if it is no SD-JWT with or without key binding, or not one with ES256 */
    public static SdJwtPresentation parse(String text) throws Malformed {
        if (text.length() > LONGEST) {
            throw new Malformed("the presentation is too long");
        }
        int end = text.lastIndexOf('~');
        if (end < 0) {
            throw new Malformed("the presentation is not an SD-JWT");
        }
        String bound = text.substring(0, end + 1);
        String binding = text.substring(end + 1);
        List<String> parts = List.of(bound.substring(0, end).split("~", -1));
        return new SdJwtPresentation(
                CompactJws.parse(parts.getFirst(), "dc+sd-jwt"),
                parts.subList(1, parts.size()),
                binding.isEmpty() ? null : new KeyBinding(CompactJws.parse(binding, "kb+jwt"), bound));
    }

    /** @throws Malformed if there is none; it is never hidden */
    public String vct() throws Malformed {
        if (credential.payload().get("vct") instanceof String vct) {
            return vct;
        }
        throw new Malformed("the credential has no vct");
    }

    /**
     * What the issuer says as far as it was disclosed.
     *
     * @param claims the issuer's payload with what was disclosed in its place
     * @param places where each disclosed value stands, as member names and array positions
     */
    public record Disclosed(Map<String, @Nullable Object> claims, List<List<Object>> places) {}

    /** @throws Malformed if a disclosure is malformed, repeated, or belongs to nothing that the issuer signed */
    public Disclosed disclosed() throws Malformed {
        Disclosures all = new Disclosures(disclosures);
        Map<String, @Nullable Object> claims = all.applyTo(credential.payload());
        return new Disclosed(claims, all.paths());
    }
}
