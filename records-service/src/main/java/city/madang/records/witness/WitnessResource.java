package city.madang.records.witness;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsProblem;
import city.madang.tlog.note.NoteSignature;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.witness.AddCheckpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/** The witness, for logs that operators have named. Its submission and its monitoring prefix are one. */
@Path("/records/witness")
@PermitAll
@Tag(name = "Witness", description = "C2SP tlog-witness: cosignatures for the logs of others")
public class WitnessResource {

    private static final Logger LOG = Logger.getLogger(WitnessResource.class);

    private static final String TEXT = "text/plain;charset=utf-8";

    private final CosignCheckpoint cosign;
    private final WitnessKeys keys;
    private final MeterRegistry meters;

    WitnessResource(CosignCheckpoint cosign, WitnessKeys keys, MeterRegistry meters) {
        this.cosign = cosign;
        this.keys = keys;
        this.meters = meters;
    }

    @POST
    @Path("add-checkpoint")
    @Consumes(MediaType.WILDCARD)
    @Produces({MediaType.TEXT_PLAIN, AddCheckpoint.SIZE_TYPE})
    @Operation(
            summary = "Ask for a cosignature",
            description =
                    "C2SP tlog-witness. 200 signature lines; 400 malformed; 403 no valid signature of the log; 404 unknown log;"
                            + " 409 another size was cosigned last (text/x.tlog.size) or this size with another root; 422 the proof does not hold")
    public Uni<RestResponse<String>> addCheckpoint(
            @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.TEXT_PLAIN,
                                            examples =
                                                    @ExampleObject(
                                                            name = "first checkpoint",
                                                            value =
                                                                    "old 0\n\nexample.com/log\n1\n"
                                                                            + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
                                                                            + "— example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZni"
                                                                            + "Mp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n")))
                    byte[] body) {
        return cosign.cosign(body == null ? new byte[0] : body)
                .invoke(outcome -> meters.counter(
                                "madang.records.witness.requests",
                                "outcome",
                                outcome.getClass().getSimpleName())
                        .increment())
                .map(WitnessResource::answer);
    }

    private static RestResponse<String> answer(Cosigning outcome) {
        return switch (outcome) {
            case Cosigning.Cosigned cosigned ->
                text(
                        RestResponse.Status.OK,
                        TEXT,
                        cosigned.lines().stream().map(NoteSignature::line).collect(Collectors.joining()));
            case Cosigning.Stale stale ->
                text(RestResponse.Status.CONFLICT, AddCheckpoint.SIZE_TYPE, stale.size() + "\n");
            case Cosigning.Malformed malformed -> throw CommonProblem.INVALID_REQUEST.with(malformed.why());
            case Cosigning.Unsigned unsigned -> throw RecordsProblem.CHECKPOINT_UNSIGNED.with(unsigned.why());
            case Cosigning.UnknownLog unknown ->
                throw CommonProblem.NOT_FOUND.with("no log of this origin is known here");
            case Cosigning.OtherRoot forked -> {
                LOG.errorf(
                        "%s shows two histories: another root was cosigned for size %d",
                        forked.shown().origin(), forked.shown().size());
                throw RecordsProblem.CHECKPOINT_FORKED.with("this size was cosigned with another root");
            }
            case Cosigning.Inconsistent inconsistent -> {
                LOG.warnf(
                        "%s does not prove that size %d goes on from what was cosigned",
                        inconsistent.shown().origin(), inconsistent.shown().size());
                throw RecordsProblem.CHECKPOINT_INCONSISTENT.with("the consistency proof does not hold");
            }
        };
    }

    private static RestResponse<String> text(RestResponse.Status status, String type, String body) {
        return RestResponse.ResponseBuilder.create(status, body)
                .header("Content-Type", type)
                .header("Cache-Control", "no-store")
                .build();
    }

    @GET
    @Path("vkeys")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "The witness's note verifier keys",
            description = "One a line: Ed25519 (type 4) and ML-DSA-44 (type 6) cosignatures")
    public Uni<String> verifierKeys() {
        return OffLoop.call(() ->
                keys.verifierKeys().stream().map(VerifierKey::format).collect(Collectors.joining("\n", "", "\n")));
    }

    @GET
    @Path("{origin}/checkpoint")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "The checkpoint of a log that was cosigned last",
            description = "For monitors; the log is named by the SHA-256 of its origin, hex")
    public Uni<RestResponse<String>> latest(
            @Parameter(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                    @PathParam("origin")
                    @Pattern(regexp = "[0-9a-f]{64}")
                    String origin) {
        return cosign.latest(origin)
                .map(note -> text(
                        RestResponse.Status.OK,
                        TEXT,
                        note.orElseThrow(() -> CommonProblem.NOT_FOUND.with("no checkpoint of it was cosigned here"))));
    }
}
