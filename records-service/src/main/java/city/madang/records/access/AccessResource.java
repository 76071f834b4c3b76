package city.madang.records.access;

import city.madang.kit.caller.CurrentCaller;
import city.madang.kit.problem.CommonProblem;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.Page;
import city.madang.records.RecordsConfig;
import city.madang.records.log.LogReader;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
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

/** Who read which record and why: said before reading by offices, seen afterwards by those whom it concerns. */
@Path("/records/accesses")
public class AccessResource {

    static final int LONGEST_BODY = 8 * 1024;
    private static final int LONGEST_TEXT = 300;

    private final Accesses accesses;
    private final ReleaseGate gate;
    private final List<HeldRecords> kinds;
    private final LogReader log;
    private final CurrentCaller caller;
    private final AccessSettings settings;
    private final String origin;

    AccessResource(
            Accesses accesses,
            ReleaseGate gate,
            @All List<HeldRecords> kinds,
            LogReader log,
            CurrentCaller caller,
            AccessSettings settings,
            RecordsConfig config) {
        this.accesses = accesses;
        this.gate = gate;
        this.kinds = kinds;
        this.log = log;
        this.caller = caller;
        this.settings = settings;
        this.origin = config.origin();
    }

    /** @param until when the record closes to this reader again */
    public record Opened(UUID id, Instant until) {}

    /** @param agency for which the reader acted, absent for citizens; who the officer was, the agency can tell */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReadBy(String kind, @Nullable String agency, @Nullable String subject) {}

    /** @param log whose entry {@code log_index} it is */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record View(
            UUID id,
            String agency,
            UUID record,
            Map<String, String> title,
            ReadBy reader,
            Map<String, String> purpose,
            @JsonProperty("legal_basis") Map<String, String> legalBasis,
            @JsonProperty("break_glass") boolean breakGlass,
            @Nullable UUID delegation,
            Instant at,
            String log,
            @JsonProperty("log_index") long logIndex) {}

    /**
     * Opens the commitments of an access's log entry, each SHA-256(salt ‖ text).
     *
     * @param entry the exact text that was logged
     * @param salt hex
     * @param reader the text behind {@code reader}
     * @param grounds the text behind {@code grounds}
     */
    public record Opening(
            UUID access,
            UUID record,
            String log,
            @JsonProperty("log_index") long logIndex,
            String entry,
            String salt,
            String reader,
            String grounds) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    @RequestBody(
            content =
                    @Content(
                            examples = {
                                @ExampleObject(name = "ordinary", value = AccessExamples.REASON),
                                @ExampleObject(name = "emergency", value = AccessExamples.EMERGENCY)
                            }))
    @APIResponse(
            responseCode = "201",
            content =
                    @Content(
                            schema = @Schema(implementation = Opened.class),
                            examples = @ExampleObject(AccessExamples.OPENED)))
    public Uni<RestResponse<Opened>> post(String body) {
        Reader reader = Reader.of(caller);
        JsonNode tree = JsonBody.read(body, LONGEST_BODY);
        Members.only(tree, Set.of("record", "purpose", "legal_basis", "break_glass"));
        UUID record = Members.uuid(tree, "record");
        Grounds grounds = new Grounds(
                Members.text(tree, "purpose", "ko", LONGEST_TEXT),
                Members.text(tree, "purpose", "en", LONGEST_TEXT),
                Members.text(tree, "legal_basis", "ko", LONGEST_TEXT),
                Members.text(tree, "legal_basis", "en", LONGEST_TEXT),
                flag(tree.path("break_glass")),
                null);
        return held(record)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().<UUID>failure(ReleaseGate.absent())
                        : gate.enterOffice(reader, found.get(), grounds))
                .map(access -> RestResponse.status(
                        RestResponse.Status.CREATED,
                        new Opened(access, Instant.now().plus(settings.opens()))));
    }

    private Uni<Optional<Held>> held(UUID record) {
        return Multi.createFrom()
                .iterable(kinds)
                .onItem()
                .transformToUniAndConcatenate(kind -> kind.held(record))
                .filter(Optional::isPresent)
                .collect()
                .first()
                .map(found -> found == null ? Optional.empty() : found);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
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
                                                        implementation = View.class),
                                                @SchemaProperty(name = "next", type = SchemaType.STRING)
                                            }),
                            examples = @ExampleObject(AccessExamples.PAGE)))
    public Uni<Page<View>> list(
            @QueryParam("record") @Nullable UUID record,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after) {
        Reader reader = Reader.of(caller);
        return accesses.of(reader, record, after, limit + 1)
                .map(found -> Page.of(
                        found.stream().map(access -> view(access, reader)).toList(), limit, view -> view.id()
                                .toString()));
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @RolesAllowed(CurrentCaller.CITIZEN)
    public Uni<RestResponse<String>> page(
            @QueryParam("record") @Nullable UUID record,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @Nullable UUID after,
            @QueryParam("lang") @DefaultValue("") String lang,
            @Context HttpHeaders headers) {
        Reader citizen = new Reader(Reader.CITIZEN, caller.citizen().subject(), null);
        AccessPage page = new AccessPage(Language.of(lang, headers), origin);
        return accesses.of(citizen, record, after, limit + 1)
                .map(found -> Page.of(found, limit, access -> access.id().toString()))
                .map(found -> BilingualPage.answer(Response.Status.OK, page.of(found)));
    }

    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<View> get(@PathParam("id") UUID id) {
        Reader reader = Reader.of(caller);
        return found(reader, id).map(access -> view(access, reader));
    }

    @GET
    @Path("{id}/opening")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<Opening> opening(@PathParam("id") UUID id) {
        return found(Reader.of(caller), id).map(access -> {
            Grounds grounds = access.grounds();
            return new Opening(
                    access.id(),
                    access.record(),
                    log(access),
                    access.logIndex(),
                    access.entry(),
                    HexFormat.of().formatHex(access.salt()),
                    AccessEntry.reader(
                            access.reader().kind(),
                            access.reader().subject(),
                            access.reader().agency()),
                    AccessEntry.grounds(
                            grounds.purposeKo(),
                            grounds.purposeEn(),
                            grounds.basisKo(),
                            grounds.basisEn(),
                            grounds.breakGlass()));
        });
    }

    @GET
    @Path("{id}/proof")
    @Produces(MediaType.TEXT_PLAIN)
    @RolesAllowed({CurrentCaller.CITIZEN, CurrentCaller.AGENCY, CurrentCaller.OFFICER})
    public Uni<RestResponse<String>> proof(@PathParam("id") UUID id) {
        return found(Reader.of(caller), id)
                .chain(access -> log.proof(access.agency(), access.logIndex()))
                .map(proof -> RestResponse.ResponseBuilder.ok(proof.orElseThrow(AccessResource::noAccess))
                        .type("text/plain;charset=UTF-8")
                        .header("Content-Disposition", "attachment; filename=\"" + id + ".tlog-proof\"")
                        .build());
    }

    private Uni<Accesses.Access> found(Reader reader, UUID id) {
        return accesses.byId(reader, id).map(found -> found.orElseThrow(AccessResource::noAccess));
    }

    private static RuntimeException noAccess() {
        return CommonProblem.NOT_FOUND.with("there is no such access");
    }

    /** To the citizen an office is its agency; the agency also sees which of its people it was. */
    private View view(Accesses.Access access, Reader to) {
        boolean citizen = access.reader().agency() == null;
        Grounds grounds = access.grounds();
        return new View(
                access.id(),
                access.agency(),
                access.record(),
                Map.of("ko", access.titleKo(), "en", access.titleEn()),
                new ReadBy(
                        access.reader().kind(),
                        access.reader().agency(),
                        citizen == to.isCitizen() ? access.reader().subject() : null),
                Map.of("ko", grounds.purposeKo(), "en", grounds.purposeEn()),
                Map.of("ko", grounds.basisKo(), "en", grounds.basisEn()),
                grounds.breakGlass(),
                grounds.delegation(),
                access.at(),
                log(access),
                access.logIndex());
    }

    private String log(Accesses.Access access) {
        return origin + "/records/log/" + access.agency();
    }

    private static boolean flag(JsonNode node) {
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw CommonProblem.INVALID_REQUEST.with("break_glass must be true or false");
        }
        return node.asBoolean();
    }
}
