package city.madang.identity.presentation;

import city.madang.identity.jose.Secrets;
import city.madang.identity.problem.OpenIdError;
import city.madang.kit.worker.OffLoop;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The holder's browser: a page with the link to the wallet, and the way back from the wallet. */
@Path("/identity/present/{id}")
public class PresentResource {

    /** Browsers take a cookie of this prefix over TLS alone. */
    private static final String COOKIE = "__Secure-madang-present";

    private final PresentPages pages;

    PresentResource(PresentPages pages) {
        this.pages = pages;
    }

    @GET
    @PermitAll
    @Operation(summary = "A page for the holder: opens the wallet here or shows a QR code, and says how it stands")
    @APIResponse(
            responseCode = "200",
            description = "The page",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_HTML,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "page", value = PresentationExamples.PAGE)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such request",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_HTML,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "page", value = PresentationExamples.PAGE)))
    public Uni<Response> page(@PathParam("id") UUID id, @CookieParam(COOKIE) @Nullable String cookie) {
        return pages.open(id, cookie)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(html(404, PresentHtml.unknown()))
                        : OffLoop.call(() -> page(found.get())));
    }

    /** Blocking. */
    private static Response page(PresentPages.Page page) {
        String scriptNonce = Secrets.next();
        Response.ResponseBuilder response =
                Response.fromResponse(html(200, PresentHtml.of(page, scriptNonce), scriptNonce));
        if (page.newCookie() != null) {
            Duration left = Duration.between(Instant.now(), page.shown().expiresAt());
            response.cookie(new NewCookie.Builder(COOKIE)
                    .value(page.newCookie())
                    .path("/identity/present/" + page.shown().id())
                    .maxAge((int) Math.max(left.toSeconds(), 1) * 2)
                    .secure(true)
                    .httpOnly(true)
                    .sameSite(NewCookie.SameSite.LAX)
                    .build());
        }
        return response.build();
    }

    /** Where a request stands: the text of a {@link PresentationState}. */
    @RegisterForReflection // in an answer that does not name it
    record State(@NotNull @Schema(enumeration = {"requested", "verified", "declined", "expired"}) String state) {}

    @GET
    @Path("state")
    @PermitAll
    @Operation(summary = "How a request stands, for the page that waits: requested, verified, declined or expired")
    @APIResponse(
            responseCode = "200",
            description = "Where it stands",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = State.class),
                            examples = @ExampleObject(name = "state", value = PresentationExamples.STATE)))
    @APIResponse(
            responseCode = "404",
            description = "There is no such request",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "gone", value = PresentationExamples.NO_SUCH_REQUEST)))
    public Uni<Response> state(@PathParam("id") UUID id) {
        return pages.find(id).map(found -> found.map(
                        shown -> Response.ok(new State(shown.state().text()))
                                .type(MediaType.APPLICATION_JSON_TYPE)
                                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                                .build())
                .orElseGet(PresentResource::gone));
    }

    @GET
    @Path("return")
    @PermitAll
    @Operation(summary = "The way back from the wallet to the agency, for the browser that began")
    @APIResponse(responseCode = "303", description = "On to the agency's redirect_uri, with #response_code")
    @APIResponse(
            responseCode = "403",
            description = "Another browser, or another code",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_HTML,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(name = "page", value = PresentationExamples.PAGE)))
    public Uni<Response> comeBack(
            @PathParam("id") UUID id,
            @CookieParam(COOKIE) @Nullable String cookie,
            @QueryParam("response_code") @Nullable String responseCode) {
        return pages.wayOn(id, cookie, responseCode).map(way -> way.map(uri -> Response.seeOther(URI.create(uri))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header("Referrer-Policy", "no-referrer")
                        .build())
                .orElseGet(() -> html(403, PresentHtml.otherBrowser())));
    }

    static Response gone() {
        return OpenIdError.gone("there is no such request, or no longer").toResponse();
    }

    private static Response html(int status, String body) {
        return html(status, body, "none");
    }

    /** @param scriptNonce of the one script and style that may run */
    private static Response html(int status, String body, String scriptNonce) {
        return Response.status(status)
                .entity(body)
                .type("text/html; charset=utf-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-" + scriptNonce
                                + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .build();
    }
}
