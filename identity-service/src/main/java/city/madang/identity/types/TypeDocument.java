package city.madang.identity.types;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What {@link TypeMetadata} writes, for the API's description. All of its objects leave room for other members.
 *
 * @param name for developers
 */
@Schema(
        name = "SdJwtVcTypeMetadata",
        description = "SD-JWT VC Type Metadata (draft-ietf-oauth-sd-jwt-vc §6); members not understood are ignored",
        additionalProperties = Schema.True.class)
public record TypeDocument(
        @NotNull @Schema(format = "uri") String vct,
        @NotNull String name,
        @NotNull @Schema(minItems = 1) List<Display> display,
        @NotNull @Schema(minItems = 1) List<Claim> claims) {

    /** @param rendering absent where the type says nothing about its looks */
    @Schema(name = "TypeDisplay", additionalProperties = Schema.True.class)
    public record Display(
            @NotNull String name,
            @NotNull String locale,
            @Nullable String description,
            @Nullable Rendering rendering) {}

    @Schema(name = "TypeRendering", additionalProperties = Schema.True.class)
    public record Rendering(@NotNull Simple simple) {}

    @Schema(name = "SimpleRendering", additionalProperties = Schema.True.class)
    public record Simple(@Nullable Logo logo, @Nullable String backgroundColor, @Nullable String textColor) {}

    @Schema(name = "TypeLogo", additionalProperties = Schema.True.class)
    public record Logo(@NotNull @Schema(format = "uri") String uri, @Nullable String altText) {}

    /** @param display absent where the claim has no names for people */
    @Schema(name = "TypeClaim", additionalProperties = Schema.True.class)
    public record Claim(
            @NotNull @Schema(minItems = 1) List<String> path,
            @Nullable @Schema(minItems = 1) List<Label> display,
            @Schema(required = true) boolean mandatory,
            @NotNull @Schema(enumeration = "always") String sd) {}

    @Schema(name = "ClaimLabel", additionalProperties = Schema.True.class)
    public record Label(@NotNull String label, @NotNull String locale) {}
}
