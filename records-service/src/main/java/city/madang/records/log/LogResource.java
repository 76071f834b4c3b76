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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/** The public face of the logs: C2SP tlog-tiles. */
@Path("/records/log")
@PermitAll
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
    public Uni<RestResponse<String>> checkpoint(@PathParam("agency") String agency) {
        return reader.published(agency).map(found -> RestResponse.ResponseBuilder.ok(
                        found.orElseThrow(LogResource::noLog).note())
                .header("Cache-Control", "no-cache")
                .type("text/plain;charset=UTF-8")
                .build());
    }

    @GET
    @Path("{agency}/vkey")
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> verifierKey(@PathParam("agency") String agency) {
        return reader.published(agency)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(Optional.<VerifierKey>empty())
                        : OffLoop.call(() -> keys.verifierKey(agency)))
                .map(key -> key.orElseThrow(LogResource::noLog).format() + "\n");
    }

    @GET
    @Path("{agency}/tile/{level:[0-7]}/{tile:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<RestResponse<byte[]>> tile(
            @PathParam("agency") String agency, @PathParam("level") int level, @PathParam("tile") String tile) {
        TilePath path = TilePath.parse(tile).orElseThrow(LogResource::noTile);
        return reader.tile(agency, new TileId(level, path.number()), path.width())
                .map(LogResource::bytes);
    }

    @GET
    @Path("{agency}/tile/entries/{tile:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<RestResponse<byte[]>> entries(@PathParam("agency") String agency, @PathParam("tile") String tile) {
        TilePath path = TilePath.parse(tile).orElseThrow(LogResource::noTile);
        if (path.number() > Long.MAX_VALUE / Tiles.WIDTH - 1) {
            throw noTile();
        }
        return reader.entries(agency, path.number(), path.width()).map(LogResource::bytes);
    }

    private static RestResponse<byte[]> bytes(Optional<byte[]> found) {
        return RestResponse.ResponseBuilder.ok(found.orElseThrow(LogResource::noTile))
                .header("Cache-Control", FOR_EVER)
                .build();
    }

    private static RuntimeException noLog() {
        return CommonProblem.NOT_FOUND.with("there is no such log");
    }

    private static RuntimeException noTile() {
        return CommonProblem.NOT_FOUND.with("there is no such tile under the published checkpoint");
    }
}
