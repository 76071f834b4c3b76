package city.madang.records.documents;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.access.Reader;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of an announced version. Sent again after it was kept, it is answered with what was kept. */
@Path("/records/uploads/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
public class UploadResource {

    private static final Logger LOG = Logger.getLogger(UploadResource.class);

    private static final Duration LOOK = Duration.ofMillis(40);

    private final Uploads uploads;
    private final KeepDocument keep;
    private final Archive archive;
    private final Transfers transfers;
    private final CurrentCaller caller;
    private final DocumentSettings settings;

    UploadResource(
            Uploads uploads,
            KeepDocument keep,
            Archive archive,
            Transfers transfers,
            CurrentCaller caller,
            DocumentSettings settings) {
        this.uploads = uploads;
        this.keep = keep;
        this.archive = archive;
        this.transfers = transfers;
        this.caller = caller;
        this.settings = settings;
    }

    /** @param state {@code kept}, or {@code logging} as long as its log entry is not published: then it is not kept yet */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Kept(int version, String state, @JsonProperty("log_index") @Nullable Long logIndex) {}

    @PUT
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    @RequestBody(content = @Content(schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Kept.class),
                            examples = @ExampleObject(ArchiveExamples.KEPT)))
    @APIResponse(
            responseCode = "202",
            description = "it is being logged; ask again by the same request without fear",
            content = @Content(schema = @Schema(implementation = Kept.class)))
    public RestResponse<Kept> put(
            @PathParam("id") UUID id,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String mediaType,
            InputStream body) {
        Reader reader = Reader.of(caller);
        Upload upload = uploads.find(reader, id).await().indefinitely().orElse(null);
        if (upload == null) {
            // kept before, or never announced
            return answer(reader, id);
        }
        if (mediaType == null || !upload.format().mediaType().equals(withoutParameters(mediaType))) {
            throw CommonProblem.UNSUPPORTED_MEDIA_TYPE.with(
                    "it was announced as " + upload.format().mediaType());
        }
        try (Transfers.Place place = transfers.take()) {
            keep.keep(upload, body);
        } catch (IOException cut) {
            LOG.debugf("an upload was cut: %s", cut);
            throw CommonProblem.UNAVAILABLE.with("the upload was cut, or could not be stored; nothing of it is kept");
        }
        return answer(reader, id);
    }

    /** A charset changes nothing: what is text must be UTF-8 whatever it says. */
    private static String withoutParameters(String mediaType) {
        return mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Waits a while for its log entry to be published: nobody is told before that it is kept. */
    private RestResponse<Kept> answer(Reader by, UUID id) {
        long end = System.nanoTime() + settings.logWait().toNanos();
        while (true) {
            Archive.Summary version = archive.byUpload(by, id)
                    .await()
                    .indefinitely()
                    .orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such upload"));
            if (version.logIndex() >= 0) {
                return RestResponse.status(
                        RestResponse.Status.CREATED, new Kept(version.number(), "kept", version.logIndex()));
            }
            if (System.nanoTime() > end) {
                return RestResponse.status(RestResponse.Status.ACCEPTED, new Kept(version.number(), "logging", null));
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw CommonProblem.UNAVAILABLE.with("the service is stopping");
            }
        }
    }
}
