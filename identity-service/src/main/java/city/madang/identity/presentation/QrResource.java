package city.madang.identity.presentation;

import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /identity/presentations/{id}/qr}: what a wallet on another device reads off the screen. */
@Path("/identity/presentations/{id}/qr")
public class QrResource {

    private static final String SVG = "image/svg+xml";

    private final PresentPages pages;

    QrResource(PresentPages pages) {
        this.pages = pages;
    }

    @GET
    @PermitAll
    @Operation(summary = "The link that opens a wallet, as a QR code in SVG, for a wallet on another device")
    @APIResponse(
            responseCode = "200",
            description = "The code",
            content =
                    @Content(
                            mediaType = SVG,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "code", value = PresentationExamples.SVG)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such request, or none for another device",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "gone", value = PresentationExamples.NO_SUCH_REQUEST)))
    public Uni<Response> qr(@PathParam("id") UUID id, @QueryParam("scheme") @Nullable String scheme) {
        return pages.find(id).chain(found -> {
            Shown shown = found.orElse(null);
            if (shown == null || shown.isSameDevice() || shown.state() != PresentationState.REQUESTED) {
                return Uni.createFrom().item(PresentResource.gone());
            }
            String link = "haip-vp".equals(scheme) ? shown.haipAuthorizationRequest() : shown.authorizationRequest();
            return OffLoop.call(() -> Response.ok(QrCode.svg(link))
                    .type(SVG)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
                    .build());
        });
    }
}
