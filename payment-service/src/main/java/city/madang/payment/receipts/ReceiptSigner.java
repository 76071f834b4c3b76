package city.madang.payment.receipts;

import city.madang.kit.keys.Keyring;
import city.madang.payment.authorisations.AuthorisationView;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Signs statements of settled payments as compact JWS (RFC 7515), ES256. Blocking: a keyring may be remote. */
@ApplicationScoped
public class ReceiptSigner {

    /** {@code typ} of the header. */
    public static final String TYPE = "madang-receipt+jwt";

    private static final String KEY = "payment/receipts";

    private final Keyring keyring;
    private final String issuer;

    ReceiptSigner(Keyring keyring, @ConfigProperty(name = "madang.origin") String origin) {
        this.keyring = keyring;
        this.issuer = origin + "/payment";
    }

    /** The public key, its {@code kid} the RFC 7638 thumbprint. */
    public ECKey publicKey() {
        ECPublicKey key = (ECPublicKey) keyring.createIfAbsent(KEY, Keyring.Algorithm.ES256);
        try {
            return new ECKey.Builder(Curve.P_256, key)
                    .algorithm(com.nimbusds.jose.JWSAlgorithm.ES256)
                    .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * A statement that the contract has moved the money; accounts and hashes, no names.
     *
     * @param payment settled
     */
    public String sign(AuthorisationView payment, long chainId, String contract, Instant now) {
        JsonObject header = new JsonObject()
                .put("typ", TYPE)
                .put("alg", "ES256")
                .put("kid", publicKey().getKeyID());
        JsonObject claims = new JsonObject()
                .put("iss", issuer)
                .put("iat", now.getEpochSecond())
                .put("sub", payment.id())
                .put("authorisation", payment.id())
                .put("from", payment.from())
                .put("key_version", payment.keyVersion())
                .put("to", payment.to())
                .put("amount", payment.moved())
                .put("currency", "KRW")
                .put("bill_hash", payment.billHash())
                .put("nonce", payment.nonce())
                .put("valid_after", payment.validAfter())
                .put("valid_before", payment.validBefore())
                .put("transaction_hash", payment.transactionHash())
                .put("block_number", payment.blockNumber())
                .put("contract", contract)
                .put("chain_id", chainId);
        String input = base64(header) + "." + base64(claims);
        byte[] signature = keyring.sign(KEY, input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String base64(JsonObject json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
