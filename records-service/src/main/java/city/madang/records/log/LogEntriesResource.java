package city.madang.records.log;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.RecordsProblem;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where an agency's own systems log commitments. */
@Path("/records/log/{agency}/entries")
@Tag(name = "Logs")
public class LogEntriesResource {

    /** Bytes of a request: a batch of the longest entries, and room for white space. */
    private static final int LONGEST_BODY = 256 * 1024;

    private final LogSequencer sequencer;
    private final LogReader reader;
    private final CurrentCaller caller;
    private final Timer appends;

    LogEntriesResource(LogSequencer sequencer, LogReader reader, CurrentCaller caller, MeterRegistry meters) {
        this.sequencer = sequencer;
        this.reader = reader;
        this.caller = caller;
        this.appends = Timer.builder("madang.records.log.append")
                .description("Time until a batch of an agency was on disk")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(meters);
    }

    /**
     * Where a batch stands: on disk, in order, one after the other.
     *
     * @param index of the first entry
     * @param time that each of the entries says
     */
    public record Logged(
            String log, @JsonProperty("index") long index, @JsonProperty("count") int count, Instant time) {}

    @POST
    @RolesAllowed(CurrentCaller.AGENCY)
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Log commitments",
            description =
                    "1 to 1000 of them, all or none; answered when they are on disk. The entry is the canonical JSON"
                            + " {\"commitment\", \"time\", \"type\"}. The same Idempotency-Key again answers what was logged first.")
    @APIResponse(
            responseCode = "200",
            description = "logged before, by this key; with Idempotency-Replayed: true",
            content = @Content(schema = @Schema(implementation = Logged.class)))
    @APIResponse(
            responseCode = "201",
            description = "logged",
            content = @Content(schema = @Schema(implementation = Logged.class)))
    public Uni<RestResponse<Logged>> append(
            @PathParam("agency") @Pattern(regexp = LogSlug.FORM) String agency,
            @Parameter(
                            name = "Idempotency-Key",
                            required = true,
                            description = "a quoted string of 1 to 64 characters",
                            example = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")
                    @HeaderParam("Idempotency-Key")
                    @Nullable
                    String idempotencyKey,
            @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Commitments.Body.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "commitments",
                                                            value = "{\"entries\": [{\"type\": \"ledger-page\","
                                                                    + " \"commitment\": \"9f86d081884c7d659a2feaa0c55ad015"
                                                                    + "a3bf4f1b2b0b822cd15d6c15b0f00a08\"}]}")))
                    String body) {
        if (!caller.agency().agency().equals(agency)) {
            throw CommonProblem.NOT_ALLOWED.with("an agency writes to its own log");
        }
        String key = "batch/" + BatchKey.of(idempotencyKey);
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Commitments commitments = Commitments.read(JsonBody.read(body, LONGEST_BODY));
        Submission submission = new Submission(key, commitments.entries(time), time, commitments.digest());
        long began = System.nanoTime();
        return reader.exists(agency)
                .chain(exists -> {
                    if (!exists) {
                        throw LogResource.noLog();
                    }
                    return sequencer.append(agency, submission);
                })
                .onFailure(failure -> failure instanceof Waiting.Full
                        || failure instanceof Turn.Overtaken
                        // after the last of several attempts
                        || failure.getCause() instanceof Turn.Overtaken)
                .transform(busy -> RecordsProblem.LOG_BUSY.with("send it again in a moment"))
                .invoke(() -> appends.record(Duration.ofNanos(System.nanoTime() - began)))
                .map(appended -> answer(agency, commitments, appended));
    }

    private static RestResponse<Logged> answer(String agency, Commitments commitments, Appended appended) {
        if (!MessageDigest.isEqual(appended.digest(), commitments.digest())) {
            throw RecordsProblem.IDEMPOTENCY_KEY_REUSED.with("other commitments were logged by this key");
        }
        RestResponse.ResponseBuilder<Logged> answer = RestResponse.ResponseBuilder.create(
                appended.replayed() ? RestResponse.Status.OK : RestResponse.Status.CREATED,
                new Logged(agency, appended.index(), appended.entries(), appended.at()));
        return appended.replayed()
                ? answer.header("Idempotency-Replayed", "true").build()
                : answer.build();
    }
}
