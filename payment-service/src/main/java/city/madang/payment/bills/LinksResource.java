package city.madang.payment.bills;

import city.madang.kit.caller.CurrentCaller;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.Cache;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Bills for whoever was given their link, and so may pay in the debtor's stead. */
@Path("/payment/links/{link}")
public class LinksResource {

    private static final String HTML = "text/html;charset=UTF-8";

    private final Bills bills;
    private final String origin;

    LinksResource(Bills bills, @ConfigProperty(name = "madang.origin") String origin) {
        this.bills = bills;
        this.origin = origin;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
    @Cache(noStore = true)
    @Operation(summary = "What the bill of a payment link asks for; not whose it is")
    @APIResponse(
            responseCode = "200",
            description = "As JSON for who has signed in, as a page for everybody",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = PayableBill.class),
                        examples = @ExampleObject(BillExamples.PAYABLE)),
                @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class))
            })
    public Uni<PayableBill> get(@Pattern(regexp = PaymentLink.FORM) String link) {
        return bills.linked(link);
    }

    /** For a browser: whoever has the link may see it without signing in, and pays with a wallet. */
    @GET
    @Produces(HTML + ";qs=0.5")
    @PermitAll
    @Operation(hidden = true)
    public Uni<RestResponse<String>> page(
            @Pattern(regexp = PaymentLink.FORM) String link,
            @QueryParam("lang") @Nullable @Pattern(regexp = "ko|en") String language,
            @Context HttpHeaders headers) {
        LinkPage page = new LinkPage(language == null ? prefersKorean(headers) : language.equals("ko"));
        return bills.linked(link)
                .map(bill -> html(RestResponse.Status.OK, page.of(bill, PaymentLink.of(origin, link))))
                .onFailure(HttpProblem.class)
                .recoverWithItem(() -> html(RestResponse.Status.NOT_FOUND, page.unknown()));
    }

    private static RestResponse<String> html(RestResponse.Status status, String page) {
        return RestResponse.ResponseBuilder.create(status, page)
                .type(HTML)
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Robots-Tag", "noindex")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept, Accept-Language")
                .build();
    }

    /** Korean unless English is asked for first. */
    private static boolean prefersKorean(HttpHeaders headers) {
        return headers.getAcceptableLanguages().stream()
                .map(Locale::getLanguage)
                .filter(language -> language.equals("ko") || language.equals("en"))
                .findFirst()
                .map(language -> language.equals("ko"))
                .orElse(true);
    }
}
