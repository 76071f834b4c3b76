package city.madang.records.verification;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsProblem;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
import city.madang.records.sealing.SealedRecords;
import city.madang.verifier.Verifier;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Verification for everyone. */
@Path("/records/verify")
@PermitAll
public class VerifyResource {

    /** Files that one caller may have checked at once, and how soon the next is allowed. */
    private static final int BURST = 20;

    private static final Duration REFILL = Duration.ofSeconds(2);
    private static final int MOST_CALLERS = 20_000;

    private final SealedRecords records;
    private final DescribeRecord describe;
    private final Instance<VerifyFile> verify;
    private final TrustSource trust;
    private final Allowance allowance = new Allowance(BURST, REFILL, MOST_CALLERS, System::nanoTime);

    VerifyResource(SealedRecords records, DescribeRecord describe, Instance<VerifyFile> verify, TrustSource trust) {
        this.records = records;
        this.describe = describe;
        this.verify = verify;
        this.trust = trust;
    }

    @GET
    @Produces(BilingualPage.HTML)
    @Operation(
            summary = "The page on which anyone checks a document",
            description = "Korean or English, without scripts.")
    public RestResponse<String> drop(@QueryParam("lang") @DefaultValue("") String lang, @Context HttpHeaders headers) {
        return BilingualPage.answer(Response.Status.OK, new VerifyPage(Language.of(lang, headers)).drop());
    }

    @GET
    @Path("trust")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "What to believe when checking offline",
            description =
                    "The city's root, the agencies' logs and witnesses (C2SP tlog-policy) and what is anchored, for ./madang verify. Take"
                            + " the root from here only if the connection is one you trust.")
    @APIResponse(
            responseCode = "200",
            description = "Trust files",
            content =
                    @Content(
                            schema = @Schema(implementation = TrustBundle.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = @ExampleObject(name = "trust", value = VerifyExamples.TRUST)))
    public Uni<TrustBundle> trust() {
        return trust.all().map(TrustBundle::of);
    }

    @GET
    @Path("{record}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "What anyone who has a record's id may know of it")
    public Uni<RecordState> json(@PathParam("record") UUID id) {
        return records.byId(id)
                .map(found -> found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such record")))
                .chain(describe::describe);
    }

    @GET
    @Path("{record}")
    @Produces(MediaType.TEXT_HTML)
    public Uni<RestResponse<String>> html(
            @PathParam("record") UUID id,
            @QueryParam("lang") @DefaultValue("") String lang,
            @Context HttpHeaders headers) {
        VerifyPage page = new VerifyPage(Language.of(lang, headers));
        return records.byId(id)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(BilingualPage.answer(Response.Status.NOT_FOUND, page.unknown()))
                        : describe.describe(found.get())
                                .map(state -> BilingualPage.answer(Response.Status.OK, page.of(state))));
    }

    @POST
    @Consumes({
        "application/pdf",
        MediaType.APPLICATION_JSON,
        "application/jose+json",
        MediaType.TEXT_PLAIN,
        MediaType.APPLICATION_OCTET_STREAM
    })
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Says of a file what is proven about it",
            description =
                    "A sealed PDF, a signed JSON record or a .tlog-proof of at most 20 MB; what it is shows its content. Nothing of it is kept.")
    @APIResponse(
            responseCode = "200",
            description = "What is proven, and what is not",
            content =
                    @Content(
                            schema = @Schema(implementation = Report.class),
                            mediaType = MediaType.APPLICATION_JSON,
                            examples = {
                                @ExampleObject(name = "genuine", value = VerifyExamples.GENUINE),
                                @ExampleObject(name = "changed", value = VerifyExamples.CHANGED)
                            }))
    @APIResponse(responseCode = "411", description = "No Content-Length")
    @APIResponse(responseCode = "413", description = "Too large")
    @APIResponse(responseCode = "429", description = "Too many requests of this caller")
    public Uni<Report> verify(byte @Nullable [] file, @Context HttpServerRequest request) {
        allow(request);
        if (file == null || file.length == 0) {
            throw CommonProblem.INVALID_REQUEST.with("a file is needed");
        }
        if (file.length > Verifier.LONGEST) {
            throw tooLarge();
        }
        return checker().verify(file, Optional.empty());
    }

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "The same from the page's form", description = "Answers with a page in Korean or English.")
    public Uni<RestResponse<String>> form(
            @RestForm("file") @Nullable FileUpload file,
            @RestForm("proof") @Nullable FileUpload proof,
            @QueryParam("lang") @DefaultValue("") String lang,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        VerifyPage page = new VerifyPage(Language.of(lang, headers));
        if (!allowance.take(caller(request))) {
            return Uni.createFrom()
                    .item(BilingualPage.answer(
                            Response.Status.TOO_MANY_REQUESTS,
                            page.refused("잠시 후 다시 시도하십시오", "Try again in a little while")));
        }
        if (file == null) {
            return Uni.createFrom()
                    .item(BilingualPage.answer(
                            Response.Status.BAD_REQUEST, page.refused("파일을 고르십시오", "Choose a file first")));
        }
        return OffLoop.call(() -> new Sent(
                        read(file), proof == null || proof.size() == 0 ? Optional.empty() : Optional.of(read(proof))))
                .chain(sent -> checker().verify(sent.file(), sent.proof()))
                .map(report -> BilingualPage.answer(Response.Status.OK, page.of(report)));
    }

    private VerifyFile checker() {
        if (!verify.isResolvable()) {
            throw CommonProblem.UNAVAILABLE.with("this process checks no files");
        }
        return verify.get();
    }

    private record Sent(byte[] file, Optional<byte[]> proof) {}

    private static byte[] read(FileUpload upload) {
        if (upload.size() > Verifier.LONGEST) {
            throw tooLarge();
        }
        try {
            return Files.readAllBytes(upload.uploadedFile());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static RuntimeException tooLarge() {
        return CommonProblem.TOO_LARGE.with("a file to be verified may have " + Verifier.LONGEST + " bytes");
    }

    private void allow(HttpServerRequest request) {
        if (!allowance.take(caller(request))) {
            throw HttpProblem.builder(RecordsProblem.TOO_MANY_REQUESTS.with("at most " + BURST + " files at once"))
                    .withHeader("Retry-After", REFILL.toSeconds())
                    .build();
        }
    }

    /** The address that the gateway saw; it sets the field anew on every request. */
    private static String caller(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        return forwarded != null
                ? forwarded
                : String.valueOf(request.remoteAddress().hostAddress());
    }
}
