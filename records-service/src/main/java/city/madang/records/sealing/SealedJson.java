package city.madang.records.sealing;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What {@link JsonSeal} makes, for the API's description: a flattened JWS (RFC 7515 §7.2.2) with a JAdES signature.
 *
 * @param payload base64url of the record
 * @param protectedHeader base64url
 * @param signature base64url
 * @param header what is not signed
 */
@Schema(
        name = "SealedJson",
        description = "A flattened JWS (RFC 7515 §7.2.2), in which members not understood are ignored",
        additionalProperties = Schema.True.class)
record SealedJson(
        @NotNull @Schema(pattern = BASE64URL) String payload,
        @NotNull @Schema(name = "protected", pattern = BASE64URL) String protectedHeader,
        @NotNull @Schema(pattern = BASE64URL) String signature,
        @Nullable Unprotected header) {

    private static final String BASE64URL = "^[A-Za-z0-9_-]+$";

    /** @param etsiU of JAdES-B-T: the signature's timestamps, base64url of each (ETSI TS 119 182-1 §5.3.1) */
    @Schema(name = "UnprotectedHeader", additionalProperties = Schema.True.class)
    record Unprotected(@Nullable @Schema(name = "etsiU") List<String> etsiU) {}
}
