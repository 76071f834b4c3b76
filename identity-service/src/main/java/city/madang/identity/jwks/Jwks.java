package city.madang.identity.jwks;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A JWK Set (RFC 7517 §5). */
@RegisterForReflection // issuer metadata are written by hand
@Schema(
        description = "A JWK Set (RFC 7517 §5); members not understood are ignored",
        additionalProperties = Schema.True.class)
public record Jwks(@NotNull List<Jwk> keys) {}
