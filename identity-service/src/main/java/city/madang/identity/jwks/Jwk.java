package city.madang.identity.jwks;

import city.madang.identity.jose.PublicJwk;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A public P-256 key with what it is for (RFC 7517 §4, RFC 7518 §6.2.1).
 *
 * @param x base64url of 32 bytes
 * @param y base64url of 32 bytes
 * @param kid RFC 7638 thumbprint with SHA-256
 * @param use {@code sig} or {@code enc}
 * @param alg {@code ES256} or {@code ECDH-ES}
 * @param x5c base64 DER of leaf and intermediate, never the root; absent where the key has no certificate of its own here
 */
@RegisterForReflection // DID documents and issuer metadata are written by hand
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        description = "A public P-256 key (RFC 7517 §4, RFC 7518 §6.2.1); members not understood are ignored",
        additionalProperties = Schema.True.class)
public record Jwk(
        @NotNull @Schema(enumeration = "EC") String kty,
        @NotNull @Schema(enumeration = "P-256") String crv,
        @NotNull @Schema(pattern = COORDINATE) String x,
        @NotNull @Schema(pattern = COORDINATE) String y,
        @NotNull String kid,
        @NotNull @Schema(enumeration = {"sig", "enc"}) String use,
        @NotNull @Schema(enumeration = {"ES256", "ECDH-ES"}) String alg,
        @JsonProperty("x5c") @Nullable List<String> x5c) {

    private static final String COORDINATE = "^[A-Za-z0-9_-]{43}$";

    /** A key that signs, named by its thumbprint. */
    public static Jwk signing(PublicJwk key, @Nullable List<String> x5c) {
        return new Jwk("EC", "P-256", key.x(), key.y(), key.thumbprint(), "sig", "ES256", x5c);
    }

    /** A key that messages are encrypted to. */
    public static Jwk encrypting(String x, String y, String kid) {
        return new Jwk("EC", "P-256", x, y, kid, "enc", "ECDH-ES", null);
    }
}
