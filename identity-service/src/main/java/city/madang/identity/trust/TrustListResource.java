package city.madang.identity.trust;

import city.madang.identity.settings.IdentitySettings;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Date;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code /identity/trust-list}: who may issue which type and ask for which claims, signed by the city. */
@Path("/identity/trust-list")
public class TrustListResource {

    private static final String JWT = "application/jwt";

    private final TrustLists lists;
    private final IdentitySettings settings;

    TrustListResource(TrustLists lists, IdentitySettings settings) {
        this.lists = lists;
        this.settings = settings;
    }

    @GET
    @PermitAll
    @Produces(JWT)
    @Operation(
            summary = "The city's trust list",
            description =
                    "A List of Trusted Entities (ETSI TS 119 602) as a compact JWS with x5c. An agency that is not on it, or a "
                            + "certificate, type or claim that is not there, is not trusted.")
    @APIResponse(
            responseCode = "200",
            description = "The list",
            content =
                    @Content(
                            mediaType = JWT,
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            description =
                                                    "A compact JWS (RFC 7515 §7.1) whose payload is a list of trusted entities (ETSI TS 119 602 §6)"),
                            examples = @ExampleObject(name = "list", value = TrustExamples.LIST)))
    public Uni<Response> list(@Context Request request) {
        return lists.current().map(list -> {
            EntityTag tag = new EntityTag(Long.toString(list.sequence()));
            Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
            return (unchanged == null ? Response.ok(list.jws()).type(JWT) : unchanged)
                    .tag(tag)
                    .lastModified(Date.from(list.issued()))
                    .header(
                            HttpHeaders.CACHE_CONTROL,
                            "public, max-age=" + settings.trustList().cached().toSeconds())
                    .build();
        });
    }
}
