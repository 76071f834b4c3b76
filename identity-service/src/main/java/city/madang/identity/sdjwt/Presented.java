package city.madang.identity.sdjwt;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A credential that was presented and holds: signed by a trusted issuer, valid now, and by its own holder for this request.
 *
 * @param claims the issuer's payload with what was disclosed in its place
 * @param disclosed where each disclosed value stands, as member names and array positions
 * @param issuer the issuer's certificate
 */
public record Presented(
        String vct, Map<String, @Nullable Object> claims, List<List<Object>> disclosed, X509Certificate issuer) {}
