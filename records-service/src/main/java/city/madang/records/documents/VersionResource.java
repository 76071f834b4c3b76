package city.madang.records.documents;

import city.madang.kit.caller.CurrentCaller;
import city.madang.records.RecordsConfig;
import city.madang.records.access.Reader;
import city.madang.records.access.ReleaseGate;
import city.madang.records.log.CanonicalJson;
import city.madang.records.log.LogReader;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** What a version says: its metadata, its content, the opening of its log entry; each past the {@link ReleaseGate}. */
@Path("/records/archive/{id}/versions/{version}")
@RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
public class VersionResource {

    private final Archive archive;
    private final HeldDocuments held;
    private final ReleaseGate gate;
    private final Vault vault;
    private final LogReader log;
    private final Transfers transfers;
    private final CurrentCaller caller;
    private final CurrentVertxRequest request;
    private final String origin;

    VersionResource(
            Archive archive,
            HeldDocuments held,
            ReleaseGate gate,
            Vault vault,
            LogReader log,
            Transfers transfers,
            CurrentCaller caller,
            CurrentVertxRequest request,
            RecordsConfig config) {
        this.archive = archive;
        this.held = held;
        this.gate = gate;
        this.vault = vault;
        this.log = log;
        this.transfers = transfers;
        this.caller = caller;
        this.request = request;
        this.origin = config.origin();
    }

    /** @param sha256 of the content, hex */
    public record View(
            UUID document,
            int version,
            String name,
            @JsonProperty("media_type") String mediaType,
            long length,
            String sha256,
            Map<String, Object> metadata,
            Instant kept) {}

    /**
     * Opens the commitments of the version's log entry, each SHA-256(salt ‖ value): {@code record} with the record's salt over the document's id as text, all
     * others with the document's salt.
     *
     * @param entry the exact text that was logged
     * @param metadata the canonical text behind {@code metadata_sha256}
     * @param ciphertextSha256 hex; its 32 bytes are the value behind {@code ciphertext_sha256}
     * @param actor the text behind {@code actor}
     */
    public record Opening(
            UUID document,
            int version,
            String log,
            @JsonProperty("log_index") long logIndex,
            String entry,
            @JsonProperty("record_salt") String recordSalt,
            @JsonProperty("document_salt") String documentSalt,
            String metadata,
            @JsonProperty("ciphertext_sha256") String ciphertextSha256,
            String actor) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<View>> get(@PathParam("id") UUID id, @PathParam("version") int number) {
        return released(id, number)
                .map(version -> unkept(new View(
                        id,
                        number,
                        version.name(),
                        version.format().mediaType(),
                        version.length(),
                        HexFormat.of().formatHex(version.sha256()),
                        version.metadata().getMap(),
                        version.keptAt())));
    }

    @GET
    @Path("opening")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<Opening>> opening(@PathParam("id") UUID id, @PathParam("version") int number) {
        HexFormat hex = HexFormat.of();
        return released(id, number)
                .map(version -> unkept(new Opening(
                        id,
                        number,
                        origin + "/records/log/" + version.agency(),
                        version.logIndex(),
                        version.entry(),
                        hex.formatHex(version.recordSalt()),
                        hex.formatHex(version.documentSalt()),
                        CanonicalJson.of(version.metadata().encode()),
                        version.kept().blob(),
                        version.keptBy())));
    }

    /** Commitments alone, which the log shows to everyone; so whoever may know of the document gets it. */
    @GET
    @Path("proof")
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<RestResponse<String>> proof(@PathParam("id") UUID id, @PathParam("version") int number) {
        Reader reader = Reader.of(caller);
        return held.held(id)
                .chain(found -> found.isEmpty() ? Uni.createFrom().item(false) : gate.visible(reader, found.get()))
                .chain(seen ->
                        seen ? archive.version(id, number) : Uni.createFrom().failure(ArchiveResource.absent()))
                .map(found -> found.orElseThrow(ArchiveResource::absent))
                .chain(version -> log.proof(version.agency(), version.logIndex()))
                .map(proof -> RestResponse.ResponseBuilder.ok(proof.orElseThrow(ArchiveResource::absent))
                        .type("text/plain;charset=UTF-8")
                        .header("Content-Disposition", "attachment; filename=\"" + id + "-" + number + ".tlog-proof\"")
                        .build());
    }

    /**
     * The content as it is decrypted, segment by segment. What was altered ends the answer before its announced length. Its own type is told in the
     * answer; with a wildcard here the framework would have the JSON writer send it.
     */
    @GET
    @Path("content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @RunOnVirtualThread
    @APIResponse(
            responseCode = "200",
            description = "The content, in the type in which it was kept",
            content =
                    @Content(
                            mediaType = MediaType.WILDCARD,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public RestResponse<Streamed> content(@PathParam("id") UUID id, @PathParam("version") int number) {
        Archive.Version version = released(id, number).await().indefinitely();
        Transfers.Place place = transfers.take();
        // also when the caller is gone before the first byte
        request.getCurrent().addEndHandler(ended -> place.close());
        var connection = request.getCurrent().request().connection();
        InputStream content;
        try {
            content = vault.open(version.agency(), version.id(), version.kept());
        } catch (IOException | RuntimeException failed) {
            place.close();
            throw failed instanceof RuntimeException unchecked
                    ? unchecked
                    : new UncheckedIOException((IOException) failed);
        }
        return RestResponse.ResponseBuilder.ok(new Streamed(content, place, connection::close))
                .type(version.format().mediaType())
                .header("Content-Length", version.length())
                .header("Repr-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(version.sha256()) + ":")
                .header("Content-Disposition", disposition(version.name()))
                .header("Cache-Control", "private, no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
                .build();
    }

    /** RFC 6266 with RFC 8187: a name for everyone, and the real one for who reads UTF-8. */
    private static String disposition(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9. _-]", "_") + "\"; filename*=UTF-8''" + encoded;
    }

    private static <T> RestResponse<T> unkept(T body) {
        return RestResponse.ResponseBuilder.ok(body)
                .header("Cache-Control", "private, no-store")
                .build();
    }

    private Uni<Archive.Version> released(UUID id, int number) {
        Reader reader = Reader.of(caller);
        return held.held(id)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().<Void>failure(ArchiveResource.absent())
                        : gate.admit(reader, found.get()))
                .chain(() -> archive.version(id, number))
                .map(found -> found.orElseThrow(ArchiveResource::absent));
    }
}
