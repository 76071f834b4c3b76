package city.madang.identity.mdoc;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that was presented and holds: signed by a trusted issuer, valid now, and by its own device for this session.
 *
 * @param nameSpaces the issuer's elements that were disclosed, by name space and element identifier; as plain Java
 *     (String, Long, Boolean, byte[], List, Map; dates and times as their text)
 * @param issuer the issuer's certificate
 * @param chain of the issuer, leaf first, without the anchor
 * @param status the MSO's {@code status} (Token Status List §6.3), as plain Java
 */
public record PresentedMdoc(
        String docType,
        Map<String, Map<String, Object>> nameSpaces,
        X509Certificate issuer,
        List<X509Certificate> chain,
        @Nullable Object status) {}
