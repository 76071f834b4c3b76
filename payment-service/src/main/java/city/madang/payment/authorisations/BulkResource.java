package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.payment.accounts.Owner;
import city.madang.payment.accounts.OwnerOfCall;
import city.madang.payment.chain.LedgerGate;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Many authorisations in one request, one to a line, each decided on its own. */
@Path("/payment/authorisations/bulk")
@Consumes(BulkResource.NDJSON)
@Produces(BulkResource.NDJSON)
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY})
public class BulkResource {

    /** One JSON text to a line, as its media type is commonly named; none is registered. */
    static final String NDJSON = "application/x-ndjson";

    /** The most lines of one request: what one transaction decides. */
    static final int LINES_MAX = Acceptor.BATCH_MAX;

    private final Acceptor acceptor;
    private final BulkLines lines;
    private final LedgerGate gate;
    private final OwnerOfCall call;
    private final Vertx vertx;

    BulkResource(Acceptor acceptor, BulkLines lines, LedgerGate gate, OwnerOfCall call, Vertx vertx) {
        this.acceptor = acceptor;
        this.lines = lines;
        this.gate = gate;
        this.call = call;
        this.vertx = vertx;
    }

    @POST
    @Operation(
            summary = "Bring up to 500 signed authorisations, one to a line",
            description =
                    "Each line is what POST /payment/authorisations takes. The answer has a line for each, in the same"
                            + " order: id, status and state, or status, type, title and detail of its problem. One bad"
                            + " line fails none of its neighbours. Sent again, each line gets its first answer, marked"
                            + " replayed.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(AuthorisationExamples.SIGNED)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(implementation = String.class),
                            examples = @ExampleObject(AuthorisationExamples.BULK)))
    public Uni<String> submit(String body) {
        List<String> texts = body.lines().filter(line -> !line.isBlank()).toList();
        if (texts.isEmpty() || texts.size() > LINES_MAX) {
            throw CommonProblem.INVALID_REQUEST.with("a request has 1 to " + LINES_MAX + " lines");
        }
        Owner owner = call.owner();
        Bytes32 separator = gate.ready().separator();
        Context context = vertx.getOrCreateContext();
        return OffLoop.call(() -> {
                    BulkLines.Read read = lines.read(texts, owner, separator);
                    return new Brought(read, acceptor.submitAll(read.submissions()));
                })
                .chain(brought -> Answered.on(context, brought::answers).map(brought.read()::answer))
                .map(lines::write);
    }

    private record Brought(BulkLines.Read read, CompletableFuture<List<Acceptor.Answer>> answers) {}
}
