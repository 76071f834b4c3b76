package city.madang.records.retention;

import city.madang.kit.caller.Caller;
import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.RecordsProblem;
import city.madang.records.log.LogReader;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** An officer orders the destruction of a record of the own agency; whoever has a record's id gets the certificate of its end. */
@Path("/records/destructions")
public class DestructionResource {

    static final int LONGEST_BODY = 4 * 1024;
    private static final int LONGEST_TEXT = 300;

    private static final String ORDER =
            """
            {"record": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10",
             "legal_basis": {"ko": "정보주체의 삭제 요구 (개인정보 보호법 제36조)", "en": "Erasure on request (Personal Information Protection Act, article 36)"}}""";

    private static final String STATE =
            """
            {"record": "6f2b1c3d-54a8-4c01-9d8e-2f1f6a7b9c10", "agency": "transport", "state": "certified", "ground": "order",
             "legal_basis": {"ko": "정보주체의 삭제 요구 (개인정보 보호법 제36조)", "en": "Erasure on request (Personal Information Protection Act, article 36)"},
             "destroyed": "2026-11-26T01:00:00Z"}""";

    private final Pool pool;
    private final Shredder shredder;
    private final LogReader log;
    private final CurrentCaller caller;

    DestructionResource(Pool pool, Shredder shredder, LogReader log, CurrentCaller caller) {
        this.pool = pool;
        this.shredder = shredder;
        this.log = log;
        this.caller = caller;
    }

    /** @param state {@code destroyed}, and {@code certified} once the certificate is there */
    public record View(
            UUID record,
            String agency,
            String state,
            String ground,
            @com.fasterxml.jackson.annotation.JsonProperty("legal_basis") Map<String, String> legalBasis,
            Instant destroyed) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed(CurrentCaller.OFFICER)
    @RequestBody(content = @Content(examples = @ExampleObject(ORDER)))
    @APIResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = View.class), examples = @ExampleObject(STATE)))
    public Uni<RestResponse<View>> post(String body) {
        Caller.Officer officer = caller.officer();
        JsonNode tree = JsonBody.read(body, LONGEST_BODY);
        Members.only(tree, java.util.Set.of("record", "legal_basis"));
        UUID record = Members.uuid(tree, "record");
        Shredder.Order order = new Shredder.Order(
                "order",
                Members.text(tree, "legal_basis", "ko", LONGEST_TEXT),
                Members.text(tree, "legal_basis", "en", LONGEST_TEXT),
                officer.subject());
        return shredder.shred(officer.agency(), record, order)
                .invoke(DestructionResource::refuse)
                .chain(() -> row(record))
                .map(found -> RestResponse.status(RestResponse.Status.ACCEPTED, view(found)));
    }

    private static void refuse(Shredder.Result result) {
        switch (result) {
            case Shredder.Result.Destroyed destroyed -> {}
            case Shredder.Result.Absent absent -> throw CommonProblem.NOT_FOUND.with("there is no such record");
            case Shredder.Result.Held held ->
                throw RecordsProblem.UNDER_LEGAL_HOLD.with("it is held; the hold must be released first");
            case Shredder.Result.Retained retained ->
                throw RecordsProblem.MUST_BE_RETAINED.with(
                        retained.until() == null
                                ? "it must be kept for ever"
                                : "it must be kept until " + retained.until());
        }
    }

    @GET
    @Path("{record}")
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = View.class), examples = @ExampleObject(STATE)))
    public Uni<View> get(@PathParam("record") UUID record) {
        return row(record).map(DestructionResource::view);
    }

    /** A compact JWS. */
    @GET
    @Path("{record}/certificate")
    @Produces("application/jwt")
    @PermitAll
    public Uni<String> certificate(@PathParam("record") UUID record) {
        return row(record).map(found -> {
            String certificate = found.getString("certificate");
            if (certificate == null) {
                throw CommonProblem.NOT_FOUND.with("there is no certificate yet");
            }
            return certificate;
        });
    }

    @GET
    @Path("{record}/proof")
    @Produces(MediaType.TEXT_PLAIN)
    @PermitAll
    public Uni<RestResponse<String>> proof(@PathParam("record") UUID record) {
        return row(record)
                .chain(found -> found.getLong("log_index") == null
                        ? Uni.createFrom().item(java.util.Optional.<String>empty())
                        : log.proof(found.getString("agency"), found.getLong("log_index")))
                .map(proof -> RestResponse.ResponseBuilder.ok(
                                proof.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no proof yet")))
                        .type("text/plain;charset=UTF-8")
                        .build());
    }

    private Uni<Row> row(UUID record) {
        return pool.preparedQuery("select * from destruction where record = $1")
                .execute(Tuple.of(record))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw CommonProblem.NOT_FOUND.with("no record of this id was destroyed");
                    }
                    return rows.iterator().next();
                });
    }

    private static View view(Row row) {
        return new View(
                row.getUUID("record"),
                row.getString("agency"),
                row.getString("certificate") == null ? "destroyed" : "certified",
                row.getString("ground"),
                Map.of("ko", row.getString("basis_ko"), "en", row.getString("basis_en")),
                row.getOffsetDateTime("destroyed").toInstant());
    }
}
