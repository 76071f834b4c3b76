package city.madang.devstack.keycloak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time codes (RFC 6238) as the realm asks for them: HMAC-SHA-1, six digits, thirty seconds. */
public final class OneTimeCode {

    private static final int PERIOD_SECONDS = 30;
    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;

    private OneTimeCode() {}

    /** The code of this moment; {@code secret} is the key as text, as it stands in the credentials file. */
    public static String at(String secret, Instant time) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES)
                    .putLong(time.getEpochSecond() / PERIOD_SECONDS)
                    .array());
            var number = ByteBuffer.wrap(hash, hash[hash.length - 1] & 0xf, Integer.BYTES)
                            .getInt()
                    & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%06d", number % MODULUS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA-1", e);
        }
    }

    /** The credential in Keycloak's import format. */
    static Map<String, Object> credential(String secret) {
        return Map.of(
                "type",
                "otp",
                "userLabel",
                "development",
                "secretData",
                "{\"value\":\"%s\"}".formatted(secret),
                "credentialData",
                "{\"subType\":\"totp\",\"digits\":%d,\"counter\":0,\"period\":%d,\"algorithm\":\"HmacSHA1\"}"
                        .formatted(DIGITS, PERIOD_SECONDS));
    }
}
