package city.madang.records.log;

import city.madang.kit.problem.CommonProblem;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Proofs for those who do not want to compute them from tiles. */
@Path("/records/log/{agency}")
@PermitAll
@Tag(name = "Logs")
public class LogProofsResource {

    private final LogReader reader;

    LogProofsResource(LogReader reader) {
        this.reader = reader;
    }

    /** A consistency proof (RFC 6962 §2.1.2). Sizes count entries, hashes are base64. */
    public record Consistency(long from, long to, List<String> hashes) {}

    @GET
    @Path("entries/{index}/proof")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "The proof that an entry is in the log",
            description = "A .tlog-proof (C2SP tlog-proof) under the latest checkpoint; its extra data is the entry")
    public Uni<RestResponse<String>> inclusion(
            @PathParam("agency") @Pattern(regexp = LogSlug.FORM) String agency,
            @Parameter(example = "0") @PathParam("index") @Min(0) long index) {
        return reader.proof(agency, index).map(proof -> RestResponse.ResponseBuilder.ok(
                        proof.orElseThrow(LogProofsResource::notPublished))
                .header("Cache-Control", "no-cache")
                .header("Content-Disposition", "attachment; filename=\"" + agency + "-" + index + ".tlog-proof\"")
                .type("text/plain;charset=utf-8")
                .build());
    }

    @GET
    @Path("consistency")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "The proof that the log of one size is the beginning of that of another",
            description = "Without to: up to the latest checkpoint")
    public Uni<Consistency> consistency(
            @PathParam("agency") @Pattern(regexp = LogSlug.FORM) String agency,
            @Parameter(example = "1", required = true) @QueryParam("from") @Min(0) @Nullable Long from,
            @Parameter(example = "2") @QueryParam("to") @Min(0) @Nullable Long to) {
        if (from == null) {
            throw CommonProblem.INVALID_REQUEST.with("from is missing");
        }
        return reader.published(agency).chain(found -> {
            long published = found.orElseThrow(LogResource::noLog).size();
            long newer = to == null ? published : to;
            if (newer > published) {
                throw notPublished();
            }
            if (from > newer) {
                throw CommonProblem.INVALID_REQUEST.with("from is greater than to");
            }
            return reader.consistency(agency, from, newer)
                    .map(hashes -> new Consistency(
                            from,
                            newer,
                            hashes.stream()
                                    .map(Base64.getEncoder()::encodeToString)
                                    .toList()));
        });
    }

    private static RuntimeException notPublished() {
        return CommonProblem.NOT_FOUND.with("no published checkpoint reaches so far");
    }
}
