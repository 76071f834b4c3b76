package city.madang.identity.issuance;

import city.madang.identity.agencies.Agency;
import city.madang.identity.problem.OpenIdError;
import city.madang.identity.types.TypeDocument;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /identity/vct/{name}}: what stands at the {@code vct} of a credential (SD-JWT VC §6). */
@Path("/identity/vct/{name}")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
public class TypeMetadataResource {

    private final Catalogue catalogue;
    private final Cacheable caching;

    TypeMetadataResource(Catalogue catalogue, Cacheable caching) {
        this.catalogue = catalogue;
        this.caching = caching;
    }

    @GET
    @Operation(summary = "Type metadata of a credential (SD-JWT VC), the same as long as a credential holds its hash")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TypeDocument.class),
                            examples = @ExampleObject(name = "type", value = MetadataExamples.TYPE)))
    @APIResponse(responseCode = "304", description = "Unchanged since the version that If-None-Match names")
    @APIResponse(responseCode = "404", description = "There is no such type")
    public Uni<Response> typeMetadata(
            @PathParam("name") @Pattern(regexp = Agency.SLUG) String name, @Context Request request) {
        return catalogue.documentAt(name).map(found -> found.map(body ->
                        caching.answer(request, MediaType.APPLICATION_JSON_TYPE, body, MetadataDocuments.etag(body)))
                .orElseGet(() -> OpenIdError.gone("there is no such type").toResponse()));
    }
}
