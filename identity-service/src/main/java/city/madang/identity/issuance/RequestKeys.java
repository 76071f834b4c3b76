package city.madang.identity.issuance;

import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.ServerNonces;
import city.madang.identity.jwks.Jwk;
import city.madang.identity.secrets.ServerSecrets;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The keys that wallets encrypt Credential Requests to (OpenID4VCI 1.0 clause 10, ECDH-ES on P-256). Derived from the secrets
 * that all instances share, and changed with them: what an old key opened cannot be opened any more when its secret is deleted.
 */
@Singleton
public class RequestKeys {

    private static final String ALGORITHM = "HmacSHA512";

    private final ServerSecrets secrets;
    private final Map<Integer, ECKey> derived = new ConcurrentHashMap<>();

    RequestKeys(ServerSecrets secrets) {
        this.secrets = secrets;
    }

    /** The public key for new requests, as it stands in the metadata. */
    Jwk current() {
        Instant now = Instant.now();
        ECKey key = secrets.known().stream()
                .filter(secret -> !now.isBefore(secret.activeFrom()))
                .max(Comparator.comparing(ServerNonces.Secret::activeFrom))
                .map(this::key)
                .orElseThrow(() -> new IllegalStateException("no secret is active"));
        return Jwk.encrypting(key.getX().toString(), key.getY().toString(), key.getKeyID());
    }

    /** The private key of this {@code kid}, if requests to it are still read. */
    Optional<ECKey> find(String kid) {
        derived.keySet()
                .retainAll(secrets.known().stream()
                        .map(ServerNonces.Secret::number)
                        .toList());
        return secrets.known().stream()
                .map(this::key)
                .filter(key -> key.getKeyID().equals(kid))
                .findFirst();
    }

    private ECKey key(ServerNonces.Secret secret) {
        return derived.computeIfAbsent(secret.number(), number -> derive(secret.key()));
    }

    private static ECKey derive(byte[] secret) {
        X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            // 512 bits modulo the order: the bias is negligible (FIPS 186-5 A.2.1)
            BigInteger d = new BigInteger(
                            1, mac.doFinal("credential request encryption".getBytes(StandardCharsets.US_ASCII)))
                    .mod(curve.getN().subtract(BigInteger.ONE))
                    .add(BigInteger.ONE);
            ECPoint point = curve.getG().multiply(d).normalize();
            return new ECKey.Builder(
                            Curve.P_256,
                            coordinate(point.getAffineXCoord().getEncoded()),
                            coordinate(point.getAffineYCoord().getEncoded()))
                    .d(ECKey.encodeCoordinate(
                            Curve.P_256
                                    .toECParameterSpec()
                                    .getCurve()
                                    .getField()
                                    .getFieldSize(),
                            d))
                    .keyIDFromThumbprint()
                    .build();
        } catch (GeneralSecurityException | JOSEException impossible) {
            throw new IllegalStateException("this Java cannot derive a P-256 key", impossible);
        }
    }

    private static Base64URL coordinate(byte[] bytes) {
        return new Base64URL(Base64Url.encode(bytes));
    }
}
