package city.madang.records.documents;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.Page;
import city.madang.records.access.Held;
import city.madang.records.access.Reader;
import city.madang.records.access.ReleaseGate;
import city.madang.records.documents.types.DocumentType;
import city.madang.records.documents.types.DocumentTypes;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Documents by reference: announced, found, linked. A reference says that a document exists and nothing of what it says: its metadata and content come out
 * at the version, past the {@link ReleaseGate}.
 */
@Path("/records/archive")
@Produces(MediaType.APPLICATION_JSON)
public class ArchiveResource {

    private static final String SLUG = "[a-z][a-z0-9-]{1,30}";

    private final Archive archive;
    private final Uploads uploads;
    private final DocumentTypes types;
    private final HeldDocuments held;
    private final ReleaseGate gate;
    private final CurrentCaller caller;
    private final DocumentSettings settings;
    private final Pool pool;

    ArchiveResource(
            Archive archive,
            Uploads uploads,
            DocumentTypes types,
            HeldDocuments held,
            ReleaseGate gate,
            CurrentCaller caller,
            DocumentSettings settings,
            Pool pool) {
        this.archive = archive;
        this.uploads = uploads;
        this.types = types;
        this.held = held;
        this.gate = gate;
        this.caller = caller;
        this.settings = settings;
        this.pool = pool;
    }

    /** @param upload where the bytes go, by PUT */
    public record Announced(UUID document, String upload, Instant expires) {

        static Announced of(Upload upload) {
            return new Announced(upload.document(), "/records/uploads/" + upload.id(), upload.expires());
        }
    }

    /** @param subject whom it is about, for the agency alone */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reference(
            UUID id,
            String agency,
            String type,
            Map<String, String> title,
            @Nullable String subject,
            int versions,
            Instant created,
            @JsonProperty("retain_until") @Nullable Instant retainUntil) {}

    public record VersionSummary(
            int version,
            @JsonProperty("media_type") String mediaType,
            long length,
            @JsonProperty("log_index") long logIndex,
            Instant kept) {}

    public record LinkTo(String relation, UUID target) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @RequestBody(content = @Content(examples = @ExampleObject(ArchiveExamples.ANNOUNCED)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Announced.class),
                            examples = @ExampleObject(ArchiveExamples.UPLOAD)))
    public Uni<RestResponse<Announced>> post(String body) {
        Reader reader = Reader.of(caller);
        JsonNode tree = JsonBody.read(body, ArchiveRequests.LONGEST_BODY);
        Members.only(tree, Set.of("type", "subject", "name", "media_type", "length", "sha256", "metadata"));
        String slug = Members.slug(tree, "type");
        return type(agency(reader), slug)
                .chain(found -> OffLoop.call(() -> announcement(
                        reader,
                        found.orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("the agency has no such type")),
                        UUID.randomUUID(),
                        false,
                        slug,
                        tree)))
                .chain(this::announce);
    }

    @POST
    @Path("{id}/versions")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @RequestBody(content = @Content(examples = @ExampleObject(ArchiveExamples.VERSION_ANNOUNCED)))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Announced.class),
                            examples = @ExampleObject(ArchiveExamples.UPLOAD)))
    public Uni<RestResponse<Announced>> postVersion(@PathParam("id") UUID id, String body) {
        Reader reader = Reader.of(caller);
        JsonNode tree = JsonBody.read(body, ArchiveRequests.LONGEST_BODY);
        Members.only(tree, Set.of("name", "media_type", "length", "sha256", "metadata"));
        return own(reader, id)
                .chain(document -> OffLoop.call(() -> announcement(
                        reader,
                        new DocumentTypes.Stored(document.agency(), document.type(), 0, document.definition()),
                        id,
                        true,
                        document.type(),
                        tree)))
                .chain(this::announce);
    }

    private Upload announcement(
            Reader reader, DocumentTypes.Stored stored, UUID document, boolean follows, String slug, JsonNode tree) {
        DocumentType type = types.read(stored);
        ArchiveRequests.Announcement said = ArchiveRequests.announcement(tree, type);
        return new Upload(
                UUID.randomUUID(),
                document,
                agency(reader),
                slug,
                follows ? null : ArchiveRequests.subject(tree, type),
                follows,
                said.name(),
                said.format(),
                said.length(),
                said.sha256(),
                said.metadata(),
                reader.subject(),
                false,
                Instant.now().plus(settings.uploadExpires()).truncatedTo(ChronoUnit.SECONDS));
    }

    private Uni<RestResponse<Announced>> announce(Upload upload) {
        return uploads.announce(upload).map(taken -> {
            if (!taken) {
                throw CommonProblem.CONFLICT.with(
                        "a registered agency may announce " + Uploads.MOST + " uploads at a time");
            }
            return RestResponse.status(RestResponse.Status.CREATED, Announced.of(upload));
        });
    }

    @POST
    @Path("searches")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @RequestBody(content = @Content(examples = @ExampleObject(ArchiveExamples.SEARCH)))
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema =
                                    @Schema(
                                            type = SchemaType.OBJECT,
                                            requiredProperties = "items",
                                            properties = {
                                                @SchemaProperty(
                                                        name = "items",
                                                        type = SchemaType.ARRAY,
                                                        implementation = Reference.class),
                                                @SchemaProperty(name = "next", type = SchemaType.STRING)
                                            }),
                            examples = @ExampleObject(ArchiveExamples.FOUND)))
    public Uni<Page<Reference>> search(String body) {
        Reader reader = Reader.of(caller);
        JsonNode tree = JsonBody.read(body, ArchiveRequests.LONGEST_SEARCH);
        Members.only(tree, Set.of("type", "equals", "limit", "after"));
        String type = tree.has("type") ? Members.slug(tree, "type") : null;
        UUID after = tree.has("after") ? Members.uuid(tree, "after") : null;
        JsonNode limit = tree.path("limit");
        if (!limit.isMissingNode()
                && (!limit.canConvertToInt() || limit.asInt() < 1 || limit.asInt() > Page.HIGHEST_LIMIT)) {
            throw CommonProblem.INVALID_REQUEST.with("limit must be a number from 1 to " + Page.HIGHEST_LIMIT);
        }
        int most = limit.asInt(Page.DEFAULT_LIMIT);
        if (tree.has("equals") && reader.agency() == null) {
            throw CommonProblem.INVALID_REQUEST.with("own documents are listed by type alone");
        }
        return (type == null || reader.agency() == null
                        ? Uni.createFrom().item(Optional.<DocumentTypes.Stored>empty())
                        : type(reader.agency(), type))
                .chain(stored -> {
                    JsonObject wanted = ArchiveRequests.criteria(
                            tree.path("equals"), stored.map(types::read).orElse(null));
                    return archive.search(reader, type, wanted, after, most + 1);
                })
                .map(found -> Page.of(
                        found.stream()
                                .map(document -> reference(document, reader))
                                .toList(),
                        most,
                        reference -> reference.id().toString()));
    }

    @GET
    @Path("{id}")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Reference> get(@PathParam("id") UUID id) {
        Reader reader = Reader.of(caller);
        return visible(reader, id).map(document -> reference(document, reader));
    }

    @GET
    @Path("{id}/versions")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Page<VersionSummary>> versions(
            @PathParam("id") UUID id,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @DefaultValue("" + Integer.MAX_VALUE) @Min(1) int after) {
        return visible(Reader.of(caller), id)
                .chain(document -> archive.versions(id, after, limit + 1))
                .map(found -> Page.of(
                        found.stream()
                                .map(version -> new VersionSummary(
                                        version.number(),
                                        version.format().mediaType(),
                                        version.length(),
                                        version.logIndex(),
                                        version.kept()))
                                .toList(),
                        limit,
                        version -> Integer.toString(version.version())));
    }

    /** To what the caller may see; of links from the document alone. */
    @GET
    @Path("{id}/links")
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Page<LinkTo>> links(@PathParam("id") UUID id) {
        Reader reader = Reader.of(caller);
        return visible(reader, id)
                .chain(document -> archive.links(id))
                .chain(links -> Multi.createFrom()
                        .iterable(links)
                        .onItem()
                        .transformToUniAndConcatenate(link -> (reader.agency() != null
                                        ? Uni.createFrom().item(true)
                                        : sees(reader, link.target()))
                                .map(seen -> seen ? Optional.of(link) : Optional.<Archive.Link>empty()))
                        .collect()
                        .asList())
                .map(seen -> new Page<>(
                        seen.stream()
                                .flatMap(Optional::stream)
                                .map(link -> new LinkTo(link.relation(), link.target()))
                                .toList(),
                        null));
    }

    @PUT
    @Path("{id}/links/{relation}/{target}")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Void> link(
            @PathParam("id") UUID id,
            @PathParam("relation") @Pattern(regexp = SLUG) String relation,
            @PathParam("target") UUID target) {
        Reader reader = Reader.of(caller);
        return own(reader, id)
                .chain(document -> archive.link(document.agency(), id, new Archive.Link(relation, target)))
                .invoke(linked -> {
                    if (!linked) {
                        throw CommonProblem.NOT_FOUND.with(
                                "there is no such record to link to, or too many are linked");
                    }
                })
                .replaceWithVoid();
    }

    @DELETE
    @Path("{id}/links/{relation}/{target}")
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Void> unlink(
            @PathParam("id") UUID id,
            @PathParam("relation") @Pattern(regexp = SLUG) String relation,
            @PathParam("target") UUID target) {
        return own(Reader.of(caller), id).chain(document -> archive.unlink(id, new Archive.Link(relation, target)));
    }

    private Uni<Boolean> sees(Reader reader, UUID id) {
        return held.held(id)
                .chain(found -> found.isEmpty() ? Uni.createFrom().item(false) : gate.visible(reader, found.get()));
    }

    private Uni<Archive.Document> visible(Reader reader, UUID id) {
        return archive.document(id).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().failure(absent());
            }
            Held document = held.held(found.get());
            return gate.visible(reader, document)
                    .map(seen -> found.filter(any -> seen).orElseThrow(ArchiveResource::absent));
        });
    }

    private Uni<Archive.Document> own(Reader reader, UUID id) {
        return archive.document(id)
                .map(found -> found.filter(document -> document.agency().equals(reader.agency()))
                        .orElseThrow(ArchiveResource::absent));
    }

    private Uni<Optional<DocumentTypes.Stored>> type(String agency, String type) {
        return types.find(pool, agency, type);
    }

    private static String agency(Reader reader) {
        if (reader.agency() == null) {
            throw CommonProblem.NOT_ALLOWED.with("documents are kept by agencies");
        }
        return reader.agency();
    }

    private Reference reference(Archive.Document document, Reader to) {
        Held about = held.held(document);
        return new Reference(
                document.id(),
                document.agency(),
                document.type(),
                Map.of("ko", about.titleKo(), "en", about.titleEn()),
                to.agency() == null ? null : document.subject(),
                document.latest(),
                document.created(),
                document.retainUntil());
    }

    static RuntimeException absent() {
        return CommonProblem.NOT_FOUND.with("there is no such record");
    }
}
