package city.madang.identity.issuance;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.PublicJwk;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.kit.keys.Keyring;
import com.authlete.sd.Disclosure;
import com.authlete.sd.SDJWT;
import com.authlete.sd.SDObjectBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes SD-JWT VCs (draft-ietf-oauth-sd-jwt-vc under HAIP 1.0): each claim disclosable by itself. Blocking. */
@ApplicationScoped
public class CredentialSigner {

    /** The number of digests is filled up to a multiple of this, so that it says little about what is inside. */
    private static final int DIGESTS_STEP = 8;

    private final Keyring keyring;
    private final IdentitySettings settings;

    CredentialSigner(Keyring keyring, IdentitySettings settings) {
        this.keyring = keyring;
        this.settings = settings;
    }

    /** One credential for each holder key. Salts are fresh in each, and times are whole days, so that they cannot be linked. */
    List<String> sign(
            CredentialType type,
            AgencyCertificate issuer,
            Map<String, @Nullable Object> claims,
            List<PublicJwk> holders) {
        List<String> credentials = new ArrayList<>();
        for (PublicJwk holder : holders) {
            credentials.add(sign(type, issuer, claims, holder));
        }
        return credentials;
    }

    private String sign(
            CredentialType type, AgencyCertificate issuer, Map<String, @Nullable Object> claims, PublicJwk holder) {
        SDObjectBuilder builder = new SDObjectBuilder();
        List<Disclosure> disclosures = new ArrayList<>();
        claims.forEach((name, value) -> disclosures.add(builder.putSDClaim(name, value)));
        builder.putDecoyDigests(Math.floorMod(-claims.size(), DIGESTS_STEP));

        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        builder.putClaim("iss", settings.issuer());
        builder.putClaim("vct", settings.vct(type.name()));
        builder.putClaim("iat", today.getEpochSecond());
        builder.putClaim(
                "exp", today.plus(type.validityDays() + 1L, ChronoUnit.DAYS).getEpochSecond());
        builder.putClaim("cnf", Map.of("jwk", holder.toJson()));

        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "dc+sd-jwt");
        header.put("x5c", issuer.x5c());
        String keyId = Purpose.CREDENTIAL_ISSUER.keyId(type.agency());
        String jwt = CompactJws.sign(header, builder.build(true), input -> keyring.sign(keyId, input));
        return new SDJWT(jwt, disclosures).toString();
    }
}
