package city.madang.records.verification;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.sealing.SealedRecords;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Verification for everyone. */
@Path("/records/verify")
@PermitAll
public class VerifyResource {

    private static final String HTML = "text/html;charset=UTF-8";

    private final SealedRecords records;
    private final DescribeRecord describe;
    private final CheckDocument check;

    VerifyResource(SealedRecords records, DescribeRecord describe, CheckDocument check) {
        this.records = records;
        this.describe = describe;
        this.check = check;
    }

    @GET
    @Path("{record}")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RecordState> json(@PathParam("record") UUID id) {
        return records.byId(id)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such record")))
                .chain(describe::describe);
    }

    @GET
    @Path("{record}")
    @Produces(MediaType.TEXT_HTML)
    public Uni<RestResponse<String>> html(@PathParam("record") UUID id, @Context HttpHeaders headers) {
        VerifyPage page = new VerifyPage(prefersKorean(headers));
        return records.byId(id)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(html(RestResponse.Status.NOT_FOUND, page.unknown()))
                        : describe.describe(found.get()).map(state -> html(RestResponse.Status.OK, page.of(state))));
    }

    @POST
    @Consumes("application/pdf")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Report> verify(byte @Nullable [] pdf) {
        return check.check(pdf == null ? new byte[0] : pdf);
    }

    private static RestResponse<String> html(RestResponse.Status status, String page) {
        return RestResponse.ResponseBuilder.create(status, page)
                .type(HTML)
                .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Vary", "Accept, Accept-Language")
                .build();
    }

    /** Korean unless English (or anything else) is asked for first. */
    private static boolean prefersKorean(HttpHeaders headers) {
        return headers.getAcceptableLanguages().stream()
                .map(Locale::getLanguage)
                .filter(language -> language.equals("ko") || language.equals("en"))
                .findFirst()
                .map(language -> language.equals("ko"))
                .orElse(true);
    }
}
