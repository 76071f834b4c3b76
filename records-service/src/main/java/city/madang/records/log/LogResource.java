package city.madang.records.log;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.tree.TileId;
import city.madang.tlog.tree.TilePath;
import city.madang.tlog.tree.Tiles;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The public face of the logs: C2SP tlog-tiles. */
@Path("/records/log")
@PermitAll
@Tag(name = "Logs", description = "One transparency log an agency, as C2SP tlog-tiles")
public class LogResource {

    /** What is under a published checkpoint never changes. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final LogReader reader;
    private final LogKeys keys;

    LogResource(LogReader reader, LogKeys keys) {
        this.reader = reader;
        this.keys = keys;
    }

    @GET
    @Path("{agency}/checkpoint")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "The latest checkpoint",
            description = "A signed note: tlog-checkpoint, with cosignatures of witnesses")
    public Uni<RestResponse<String>> checkpoint(@PathParam("agency") String agency) {
        return reader.published(agency).map(found -> RestResponse.ResponseBuilder.ok(
                        found.orElseThrow(LogResource::noLog).note())
                .header("Cache-Control", "no-cache")
                .type("text/plain;charset=utf-8")
                .build());
    }

    @GET
    @Path("{agency}/vkey")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "The log's note verifier key", description = "signed-note, in one line")
    public Uni<String> verifierKey(@PathParam("agency") String agency) {
        return reader.published(agency)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.<VerifierKey>empty())
                        : OffLoop.call(() -> keys.verifierKey(agency)))
                .map(key -> key.orElseThrow(LogResource::noLog).format() + "\n");
    }

    @GET
    @Path("{agency}/tile/{level:[0-9]|[1-5][0-9]|6[0-3]}/{tile:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "A tile", description = "Up to 256 hashes of 32 bytes; partial tiles as <N>.p/<W>")
    public Uni<RestResponse<byte[]>> tile(
            @PathParam("agency") String agency,
            @Parameter(example = "0") @PathParam("level") int level,
            @Parameter(example = "x001/x234/067.p/8") @PathParam("tile") String tile) {
        TilePath path = TilePath.parse(tile).orElseThrow(LogResource::noTile);
        if (level >= Tiles.LEVELS) {
            throw noTile();
        }
        return reader.tile(agency, new TileId(level, path.number()), path.width())
                .map(found -> bytes(found).build());
    }

    @GET
    @Path("{agency}/tile/entries/{tile:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            summary = "An entry bundle",
            description = "Up to 256 entries, each after its length as a big-endian uint16; gzip for who takes it")
    public Uni<RestResponse<byte[]>> entries(
            @PathParam("agency") String agency,
            @Parameter(example = "x001/x234/067.p/8") @PathParam("tile") String tile,
            @Parameter(hidden = true) @HeaderParam("Accept-Encoding") @Nullable String encodings) {
        TilePath path = TilePath.parse(tile).orElseThrow(LogResource::noTile);
        if (path.number() > Long.MAX_VALUE / Tiles.WIDTH - 1) {
            throw noTile();
        }
        return reader.entries(agency, path.number(), path.width())
                .map(found -> Gzip.isTaken(encodings)
                        ? bytes(found.map(Gzip::of))
                                .header("Content-Encoding", "gzip")
                                .header("Vary", "Accept-Encoding")
                                .build()
                        : bytes(found).header("Vary", "Accept-Encoding").build());
    }

    private static RestResponse.ResponseBuilder<byte[]> bytes(Optional<byte[]> found) {
        return RestResponse.ResponseBuilder.ok(found.orElseThrow(LogResource::noTile))
                .header("Cache-Control", FOR_EVER);
    }

    static RuntimeException noLog() {
        return CommonProblem.NOT_FOUND.with("there is no such log");
    }

    private static RuntimeException noTile() {
        return CommonProblem.NOT_FOUND.with("there is no such tile under the published checkpoint");
    }
}
