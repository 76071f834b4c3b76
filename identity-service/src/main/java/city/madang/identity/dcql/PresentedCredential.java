package city.madang.identity.dcql;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A credential as the wallet showed it, after its signatures were checked.
 *
 * @param type {@code vct} or {@code doctype}
 * @param claims all that it says, as JSON values, with {@link Undisclosed} in the place of elements kept back; of an mdoc, data
 *     elements by namespace
 * @param disclosed where each value stands that the holder could have kept back, as member names and array positions
 * @param authorityKeys authority key identifiers (RFC 5280 §4.2.1.1) in the issuer's chain, base64url
 * @param holderBound whether its holder signed for this request
 */
public record PresentedCredential(
        PresentationFormat format,
        String type,
        Map<String, @Nullable Object> claims,
        List<List<Object>> disclosed,
        Set<String> authorityKeys,
        boolean holderBound) {}
