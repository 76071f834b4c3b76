package city.madang.records.sealing;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.RecordsConfig;
import city.madang.records.access.Reader;
import city.madang.records.access.ReleaseGate;
import city.madang.records.documents.Vault;
import city.madang.records.log.LogReader;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.proof.ProofFile;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Sealed records for those whom they concern: the applicant, the agency and its officers. */
@Path("/records/documents/{record}")
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
public class DocumentResource {

    private final SealedRecords records;
    private final Vault vault;
    private final LogReader log;
    private final ReleaseGate gate;
    private final CurrentCaller caller;
    private final String origin;

    DocumentResource(
            SealedRecords records,
            Vault vault,
            LogReader log,
            ReleaseGate gate,
            CurrentCaller caller,
            RecordsConfig config) {
        this.gate = gate;
        this.records = records;
        this.vault = vault;
        this.log = log;
        this.caller = caller;
        this.origin = config.origin();
    }

    /** @param verify where anyone checks the record */
    public record Metadata(
            UUID id,
            UUID application,
            String service,
            String agency,
            String type,
            int version,
            Map<String, String> title,
            Instant issued,
            @JsonProperty("valid_until") Instant validUntil,
            String sha256,
            @JsonProperty("log_index") long logIndex,
            String verify) {}

    /**
     * Opens the commitments of a log entry. The leaf is SHA-256(0x00 ‖ entry); in the entry {@code record} is
     * SHA-256(record_salt ‖ record id) and {@code document_sha256} is SHA-256(document_salt ‖ SHA-256(PDF)).
     *
     * @param entry the exact text that was logged
     * @param recordSalt hex
     * @param documentSalt hex
     */
    public record Opening(
            UUID record,
            String log,
            @JsonProperty("log_index") long logIndex,
            String entry,
            @JsonProperty("record_salt") String recordSalt,
            @JsonProperty("document_salt") String documentSalt) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Metadata> metadata(@PathParam("record") UUID id) {
        return visible(id)
                .map(record -> new Metadata(
                        record.id(),
                        record.application(),
                        record.service(),
                        record.agency(),
                        record.type(),
                        record.version(),
                        Map.of("ko", record.titleKo(), "en", record.titleEn()),
                        record.issued(),
                        record.validUntil(),
                        record.pdfSha256(),
                        record.logIndex(),
                        origin + "/records/verify/" + record.id()));
    }

    @GET
    @Path("pdf")
    @Produces("application/pdf")
    public Uni<RestResponse<byte[]>> pdf(@PathParam("record") UUID id) {
        return released(id)
                .chain(record -> OffLoop.call(() -> vault.read(record.agency(), record.id(), record.kept())))
                .map(pdf -> RestResponse.ResponseBuilder.ok(pdf)
                        .header("Cache-Control", "private, no-store")
                        .header("Content-Disposition", "inline; filename=\"" + id + ".pdf\"")
                        .build());
    }

    /** The record for machines: a flattened JWS (RFC 7515 §7.2.2) with a JAdES signature (ETSI TS 119 182-1). */
    @GET
    @Path("json")
    @Produces("application/jose+json")
    @Operation(
            summary = "The record as signed JSON",
            description =
                    "The payload holds record, type, version, agency, title, issued, valid_until, verify and facts.")
    @APIResponse(
            responseCode = "200",
            description = "A flattened JWS with a JAdES signature",
            content =
                    @Content(
                            mediaType = "application/jose+json",
                            schema = @Schema(implementation = SealedJson.class),
                            examples =
                                    @ExampleObject(
                                            name = "sealed",
                                            value =
                                                    "{\"payload\": \"eyJhZ2VuY3kiOnsi…\", \"protected\": \"eyJhbGciOiJFUzI1NiIs…\", \"signature\": \"MEUCIQ…\"}")))
    public Uni<RestResponse<byte[]>> json(@PathParam("record") UUID id) {
        return released(id)
                .chain(record -> records.json(record.id())
                        .map(kept -> kept.orElseThrow(
                                () -> CommonProblem.NOT_FOUND.with("the record was sealed on paper alone")))
                        .chain(kept -> OffLoop.call(() -> vault.read(record.agency(), record.id(), kept))))
                .map(json -> RestResponse.ResponseBuilder.ok(json)
                        .header("Cache-Control", "private, no-store")
                        .header("Content-Disposition", "attachment; filename=\"" + id + ".json\"")
                        .build());
    }

    /** With the opening in it, so it comes out as the opening does. */
    @GET
    @Path("proof")
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<RestResponse<String>> proof(@PathParam("record") UUID id) {
        return released(id)
                .chain(record -> log.proof(record.agency(), record.logIndex())
                        .map(proof -> proof.map(text -> opened(record, text))))
                .map(proof -> RestResponse.ResponseBuilder.ok(
                                proof.orElseThrow(() -> CommonProblem.NOT_FOUND.with("there is no such record")))
                        .type("text/plain;charset=UTF-8")
                        .header("Content-Disposition", "attachment; filename=\"" + id + ".tlog-proof\"")
                        .build());
    }

    private static String opened(SealedRecord record, String proof) {
        try {
            return record.openedBy(ProofFile.parse(proof)).format();
        } catch (Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @GET
    @Path("opening")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Opening> opening(@PathParam("record") UUID id) {
        return released(id)
                .map(record -> new Opening(
                        record.id(),
                        origin + "/records/log/" + record.agency(),
                        record.logIndex(),
                        record.entry(),
                        HexFormat.of().formatHex(record.recordSalt()),
                        HexFormat.of().formatHex(record.documentSalt())));
    }

    private Uni<SealedRecord> visible(UUID id) {
        Reader reader = Reader.of(caller);
        return found(id).chain(record -> gate.visible(reader, HeldSealedRecords.held(record))
                .map(seen -> {
                    if (!seen) {
                        throw absent();
                    }
                    return record;
                }));
    }

    /** What the record says comes out once the access is logged, and not before. */
    private Uni<SealedRecord> released(UUID id) {
        Reader reader = Reader.of(caller);
        return found(id).chain(record -> gate.admit(reader, HeldSealedRecords.held(record))
                .replaceWith(record));
    }

    private Uni<SealedRecord> found(UUID id) {
        return records.byId(id).map(found -> found.orElseThrow(DocumentResource::absent));
    }

    private static RuntimeException absent() {
        return CommonProblem.NOT_FOUND.with("there is no such record");
    }
}
